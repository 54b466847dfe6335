"""Evidence in plain lines for the terminal, in English or Spanish."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from borderlab.language.translate import translator

if TYPE_CHECKING:  # the checked rows load pydantic, which a search or a 'why' does not need
    from borderlab.evidence.catalogue.catalogue import Entry
    from borderlab.evidence.catalogue.search import Hit
    from borderlab.evidence.catalogue.show import Shown
    from borderlab.evidence.catalogue.timeline import Span
    from borderlab.evidence.provenance.answer import Answer
    from borderlab.evidence.tables.claim import Claim
    from borderlab.evidence.tables.conflict import Value

WIDTH = 100
_LISTED = 24


def figure(value: float | None, low: float | None = None, high: float | None = None, unit: str | None = None) -> str:
    """A figure, a bound or a range with its unit, as a person reads it.

    >>> figure(1.7e9, unit="USD/day"), figure(None, 55, 85, "%"), figure(100000, 100000, None, "deaths/year")
    ('1,700,000,000 USD/day', '55 … 85 %', '≥ 100,000 deaths/year')
    """
    if low is not None and high is not None:
        text = f"{plain(low)} … {plain(high)}"
    elif low is not None:
        text = f"≥ {plain(low)}"
    elif high is not None:
        text = f"≤ {plain(high)}"
    elif value is not None:
        text = plain(value)
    else:
        return "–"
    return f"{text} {unit}" if unit else text


def plain(value: float) -> str:
    """A number with thousands marked and no digits that say nothing."""
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.6g}" if abs(value) < 1000 else f"{value:,.1f}"
    return text.replace("-", "−")


# Words of fixed lists that read better in English than their ids.
_ENGLISH = {
    "verdict: holds": "holds",
    "verdict: holds-roughly": "holds roughly",
    "verdict: does-not-hold": "does not hold",
    "verdict: cannot-be-checked": "cannot be checked",
    "lane: leader-us": "president, U.S.",
    "lane: leader-mx": "president, Mexico",
    "lane: programme": "programme",
    "lane: episode": "threat or measure",
    "lane: control": "control: no threat",
    "form: lever-lost": "lever lost",
    "part: between-ports": "Between ports of entry",
    "part: at-ports": "At ports of entry",
    "part: maritime": "At sea",
    "part: air-marine": "From the air",
    "computable: model": "with an estimate",
    "outcome: CD": "conceded",
    "outcome: BD": "the sender backed down",
    "outcome: SF": "stood firm and imposed",
    "outcome: SQ": "no challenge",
    "kind: measure": "measure in law",
}


def term(group: str, word: str, lang: str) -> str:
    """A word of a fixed list (a kind, a grade, a form …); the catalogue keeps it as ``group: word``.

    >>> term("grade", "judged", "en"), term("grade", "judged", "es")
    ('judged', 'a juicio')
    """
    key = f"{group}: {word}"
    return _ENGLISH.get(key, word) if lang == "en" else translator("evidence", lang)(key)


def unit_words(unit: str | None, lang: str) -> str | None:
    """A unit as the language writes it; a unit that the catalogue does not hold stays as it is.

    >>> unit_words("people/month", "es")
    'personas/mes'
    """
    if unit is None or lang == "en":
        return unit
    return "/".join(_unit_word(part.strip(), lang) for part in unit.split("/"))


def _unit_word(part: str, lang: str) -> str:
    try:
        return term("unit", part, lang)
    except KeyError:
        return part


def _wrap(text: str, indent: int = 4) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * indent)


def claim_lines(claim: Claim, lang: str) -> list[str]:
    """One claim: verdict, statement, figure beside the official one, place."""
    tr = translator("evidence", lang)
    shown = claim.to_json(lang)
    lines = [f"{claim.id}   [{term('verdict', claim.verdict, lang)}]", *_wrap(shown["paraphrase"])]
    unit = unit_words(claim.unit, lang)
    if claim.unit:
        lines += _wrap(
            f"{tr('Stated')}: {figure(claim.value, claim.low, claim.high, unit)} · {shown['counts']} · {claim.period}"
        )
    if claim.official_source or shown["note"]:
        official = figure(
            claim.official, claim.official_low, claim.official_high, unit_words(claim.official_unit, lang)
        )
        where = f" ({', '.join(claim.official_sources)})" if claim.official_sources else ""
        head = f"{tr('Official')}: {official}{where}. " if official != "–" else ""
        lines += _wrap(f"{head}{shown['note'] or ''}")
    bears = [*claim.model_ids, *claim.episode_ids]
    place = f"{tr('Place')}: {claim.place}"
    lines += _wrap(f"{place} · {tr('In the model')}: {', '.join(bears)}" if bears else place)
    return lines


def show_lines(shown: Shown, lang: str) -> list[str]:
    """Everything of one name: its rows, then its claims."""
    tr = translator("evidence", lang)
    lines: list[str] = []
    for entry in (*shown.entries, *shown.values):
        if entry.kind != "claim":
            lines += entry_lines(entry, lang)
    if shown.claims:
        lines += ["", tr("{n} claims", n=len(shown.claims))]
        for claim in shown.claims:
            lines += ["", *claim_lines(claim, lang)]
    return lines


def entry_lines(entry: Entry, lang: str) -> list[str]:
    """The cells of one row that say something in ``lang``."""
    other = "_es" if lang == "en" else "_en"
    lines = [f"{entry.id} · {term('kind', entry.kind, lang)} · {entry.title(lang)}"]
    for column, cell in entry.row.items():
        if cell and column not in ("id", "text") and not column.endswith(other):
            lines += _wrap(f"{column.removesuffix('_' + lang)}: {cell}")
    return lines


def hit_lines(hits: list[Hit], lang: str) -> list[str]:
    """What a search found, best first, a line each."""
    wide = max((len(hit.entry.id) for hit in hits), default=0)
    return [
        f"{term('kind', hit.entry.kind, lang):<22} {hit.entry.id:<{min(wide, 52)}}  "
        f"{textwrap.shorten(hit.entry.title(lang), 90, placeholder=' …')}"
        for hit in hits
    ]


def conflict_lines(topics: dict[str, tuple[Value, ...]], lang: str) -> list[str]:
    """Where sources differ: a heading for each topic, a line for each value."""
    tr = translator("evidence", lang)
    lines: list[str] = []
    for topic, values in topics.items():
        lines += ["", f"{values[0].topic_en if lang == 'en' else values[0].topic_es}   ({topic})"]
        for value in values:
            shown = figure(value.value, value.low, value.high, unit_words(value.unit, lang))
            counts = value.counts_en if lang == "en" else value.counts_es
            mark = f" · {tr('used here')}" if value.used == "yes" else ""
            lines += _wrap(f"{shown}: {counts}, {value.period} ({value.source}){mark}")
        note = next((value.note_en if lang == "en" else value.note_es for value in values if value.note_en), None)
        if note:
            lines += _wrap(f"→ {note}")
    return lines[1:]


def timeline_lines(spans: list[Span], lang: str) -> list[str]:
    """The timeline, a line for each programme, episode and president."""
    tr = translator("evidence", lang)
    lines = []
    for span in spans:
        end = span.end or ("…" if span.open else "?")
        until = f"{span.start} – {end}" if span.end != span.start else span.start
        open_ = f" ({tr('running when last seen')})" if span.open and span.lane == "programme" else ""
        lane, form = term("lane", span.lane, lang), term("form", span.form, lang)
        lines.append(f"{until:<24} {lane:<20} {span.title(lang)} [{form}]{open_}")
    return lines


def answer_lines(answer: Answer, lang: str) -> list[str]:
    """Where a number comes from and what leans on it."""
    tr = translator("evidence", lang)
    kind = term("kind", answer.kind, lang)
    lines = [f"{answer.name} · {kind}", *_wrap(answer.meaning_en if lang == "en" else answer.meaning_es, 2)]
    rows: list[tuple[str, str]] = []
    unit = unit_words(answer.unit, lang) or ""
    if isinstance(answer.value, list):
        listed = [_named(item) for item in answer.value[:_LISTED]]
        rest = len(answer.value) - _LISTED
        rows.append((tr("values"), "; ".join(listed) + (f"; … +{rest}" if rest > 0 else "")))
    elif answer.value is not None:
        value = plain(answer.value) if isinstance(answer.value, float) else str(answer.value)
        rows.append((tr("value"), f"{value} {unit}".strip()))
    elif unit:
        rows.append((tr("unit"), unit))
    if answer.range:
        rows.append((tr("range"), " … ".join("–" if end is None else _end(end) for end in answer.range)))
    rows += [(tr("grade"), term("grade", answer.grade, lang))] if answer.grade else []
    rows += [(tr("date"), answer.date)] if answer.date else []
    rows += [(tr("note"), answer.note)] if answer.note else []
    rows.append((tr("table"), answer.place))
    for source in answer.to_json(lang)["source_details"]:
        words = [source.get(part) for part in ("title", "publisher", "date")]
        rows.append((tr("source"), f"{source['id']}: " + ", ".join(word for word in words if word)))
    rows += _leaning_rows(answer, lang, tr)
    width = max(len(label) for label, _ in rows)
    for label, words_ in rows:
        wrapped = textwrap.wrap(words_, WIDTH - width - 4) or [""]
        lines.append(f"  {label:<{width}}  {wrapped[0]}")
        lines += [" " * (width + 4) + line for line in wrapped[1:]]
    return lines


def _leaning_rows(answer: Answer, lang: str, tr: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """What computes it, what leans on it, what it moves and what moves it: how many, and the first ones."""
    if answer.computed_by:
        yield tr("computed by"), _first(answer.computed_by)
    by_kind: dict[str, list[str]] = {}
    for use in answer.used:
        moved = use.kind == "indicator" and use.name in answer.moves
        if not moved and use.name not in answer.computed_by:
            by_kind.setdefault(use.kind, []).append(use.name)
    for used_kind, names in by_kind.items():
        yield tr("used by"), f"{term('kind', used_kind, lang)}: {_first(names)}"
    if answer.moves_directly:
        yield tr("moves"), f"{len(answer.moves_directly)}: {_first(answer.moves_directly)}"
    further = [id_ for id_ in answer.moves if id_ not in answer.moves_directly]
    if further:
        yield tr("through rules"), f"{len(further)}: {_first(further)}"
    if answer.moved_by:
        yield tr("moved by"), f"{len(answer.moved_by)}: {_first(answer.moved_by)}"


def _first(names: Sequence[str]) -> str:
    return ", ".join(names[:_LISTED]) + (f", … +{len(names) - _LISTED}" if len(names) > _LISTED else "")


def _named(item: dict[str, Any]) -> str:
    ends = item.get("range")
    value = figure(item.get("value"), *(ends or (None, None))) if ends else _end(item["value"])
    return f"{item['name']} = {value}" + (f" ({item['counts']})" if item.get("counts") else "")


def _end(value: Any) -> str:
    return plain(value) if isinstance(value, int | float) else str(value)
