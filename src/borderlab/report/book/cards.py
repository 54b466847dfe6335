"""Parts of the pages of the evidence book: claims as cards, places in the model, programmes and episodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from borderlab.evidence.catalogue.catalogue import Entry, entries, rows_of
from borderlab.evidence.catalogue.figures import as_number
from borderlab.evidence.catalogue.timeline import Span
from borderlab.evidence.tables.claim import Claim
from borderlab.evidence.tables.episode import Episode, episodes
from borderlab.evidence.tables.programme import Programme, programmes
from borderlab.evidence.tables.source import sources
from borderlab.language.translate import translator
from borderlab.report.book.text import figure, term, unit_words
from borderlab.report.page.blocks import Blocks

SIGNS = {"holds": "✓", "holds-roughly": "≈", "does-not-hold": "✗", "cannot-be-checked": "?"}
_MODEL_KINDS = ("parameter", "lever", "indicator")


def _entry(name: str) -> Entry | None:
    found = [entry for entry in entries().get(name, ()) if entry.kind in _MODEL_KINDS]
    return found[0] if found else None


def anchor(name: str) -> str:
    """An anchor that a name can have on a page."""
    return name.replace(".", "-")


def claim_blocks(blocks: Blocks, found: Sequence[Claim], lang: str, *, linked: bool, start: int) -> None:
    """Claims as numbered cards; ``linked`` draws the line of a chain between them."""
    tr = translator("evidence", lang)
    words = {
        "stated": tr("Stated"),
        "official": tr("Official"),
        "record": tr("On record"),
        "place": tr("Place"),
        "sources": tr("Sources"),
        "model": tr("In the model"),
        "episodes": tr("Episodes"),
    }
    blocks.template(
        "book_claims.html.j2",
        claims=[_card(claim, lang) for claim in found],
        linked=linked,
        start=start,
        words=words,
        timeline="timeline.html",
    )


def _card(claim: Claim, lang: str) -> dict[str, Any]:
    shown = claim.to_json(lang)
    model = [(name, entry.title(lang)) for name in claim.model_ids if (entry := _entry(name))]
    official = figure(claim.official, claim.official_low, claim.official_high, unit_words(claim.official_unit, lang))
    return {
        "anchor": anchor(claim.id),
        "from_official": _official(claim),
        "verdict": claim.verdict,
        "verdict_words": term("verdict", claim.verdict, lang),
        "sign": SIGNS[claim.verdict],
        "counts": shown["counts"],
        "period": period_words(claim.period, lang),
        "paraphrase": shown["paraphrase"],
        "stated": figure(claim.value, claim.low, claim.high, unit_words(claim.unit, lang)) if claim.unit else None,
        "official": None if official == "–" else official,
        "official_period": period_words(claim.official_period, lang),
        "note": shown["note"],
        "place": claim.place,
        "sources": claim.official_sources,
        "model": model,
        "episodes": [(name, _title(episodes()[name], lang)) for name in claim.episode_ids],
    }


def _official(claim: Claim) -> bool:
    """Whether the figure beside the claim comes from an official series, law or report."""
    found = [sources()[name] for name in claim.official_sources]
    return any(source.reliability == "H" and source.kind in ("dataset", "law", "report") for source in found)


def period_words(period: str | None, lang: str) -> str:
    """A period as the language writes it: ``FY2019`` is ``fiscal 2019`` or ``año fiscal 2019``."""
    return (period or "").replace("FY", "año fiscal " if lang == "es" else "fiscal ")


def _title(thing: Episode, lang: str) -> str:
    return thing.title_es if lang == "es" else thing.title_en


def model_places(blocks: Blocks, found: Sequence[Claim], numbers: dict[str, str], lang: str) -> None:
    """What the claims bear on in the model: meaning, value, range and grade, and the claims that point to it."""
    tr = translator("evidence", lang)
    pointing: dict[str, list[tuple[str, str]]] = {}
    for claim in found:
        for name in claim.model_ids:
            if _entry(name):
                pointing.setdefault(name, [])
                if claim.id in numbers:
                    pointing[name].append((anchor(claim.id), numbers[claim.id]))
    places = []
    for name, claims in pointing.items():
        entry = _entry(name)
        if entry is not None:
            places.append(
                {
                    "anchor": anchor(name),
                    "id": name,
                    "title": entry.title(lang),
                    "parts": [_place_words(entry, lang)],
                    "claims": sorted(claims, key=lambda claim: int(claim[1])),
                }
            )
    if places:
        blocks.template("book_places.html.j2", places=places, claims_word=tr("claims"))


def _place_words(entry: Entry, lang: str) -> str:
    """Kind, value, range and grade of a parameter, lever or indicator, in one line."""
    tr = translator("evidence", lang)
    row = entry.row
    unit = unit_words(row.get("unit"), lang)
    if entry.kind == "indicator":
        return f"{term('kind', 'indicator', lang)}, {unit}"
    grade = f" ({term('grade', row['grade'], lang)})" if row.get("grade") else ""
    if row.get("distribution") == "choice":
        options = [part.split(":")[0].strip() for part in row.get("choices", "").split(";")]
        return f"{term('kind', 'switch', lang)}: {'; '.join(_option(entry.id, one, lang) for one in options)}{grade}"
    default, low, high = (as_number(row.get(column, "")) for column in ("default", "low", "high"))
    text = f"{term('kind', entry.kind, lang)}: {figure(default, unit=unit)}"
    if low is not None or high is not None:
        text += f", {tr('range')} {figure(None, low, high)}"
    return text + grade


def _option(switch: str, option: str, lang: str) -> str:
    """An option of a switch in words, where the tables give them."""
    for _, row in rows_of("explore/options"):
        if row.get("parameter") == switch and row.get("option") == option:
            return row.get(f"words_{lang}") or option
    return option


def span_places(blocks: Blocks, spans: Sequence[Span], lang: str) -> None:
    """Programmes or episodes as a list with anchors, each with what was coded of it."""
    tr = translator("evidence", lang)
    places = []
    for span in spans:
        end = span.end or ("…" if span.open else tr("not known"))
        dates = span.start if span.end == span.start else f"{span.start} – {end}"
        thing: Episode | Programme = programmes()[span.id] if span.lane == "programme" else episodes()[span.id]
        words = _programme_words(thing, lang) if isinstance(thing, Programme) else _episode_words(thing, lang)
        places.append(
            {
                "anchor": f"programme-{span.id}" if span.lane == "programme" else span.id,
                "id": span.id,
                "title": span.title(lang),
                "parts": [f"{dates} · {term('form', span.form, lang)}", *(_begun(text) for text in words)],
                "claims": [],
            }
        )
    blocks.template("book_places.html.j2", places=places, claims_word=tr("claims"))


def _begun(text: str) -> str:
    """A line that begins with a capital."""
    return text[:1].upper() + text[1:]


def _programme_words(row: Programme, lang: str) -> list[str]:
    tr = translator("evidence", lang)
    size, targets, reason = (
        (row.size_es, row.targets_es, row.end_reason_es)
        if lang == "es"
        else (row.size_en, row.targets_en, row.end_reason_en)
    )
    words = []
    if row.years is not None:
        years = f"{row.years:.1f}"
        words.append(tr("lived {n} years", n=years) if row.ended else tr("watched for {n} years", n=years))
    if size:
        words.append(size)
    if targets:
        words.append(tr("to be measured by: {what}", what=targets))
    if reason:
        words.append(tr("end or state: {what}", what=reason))
    return words


def _episode_words(row: Episode, lang: str) -> list[str]:
    tr = translator("evidence", lang)
    spanish = lang == "es"
    intensity = row.intensity_es if spanish else row.intensity_en
    demand = row.demand_es if spanish else row.demand_en
    concession = row.concession_es if spanish else row.concession_en
    words = [intensity] if intensity else []
    if demand:
        words.append(tr("demand: {what}", what=demand))
    if row.outcome:
        words.append(tr("outcome: {what}", what=term("outcome", row.outcome, lang)))
    if concession:
        words.append(tr("concession: {what}", what=concession))
    if row.days_to_concession is not None:
        words.append(tr("after {n} days", n=f"{row.days_to_concession:.0f}"))
    levels = [
        tr("{n} months: {share} %", n=months, share=f"{100 * value:.0f}")
        for months, value in ((6, row.residual_6), (12, row.residual_12), (24, row.residual_24))
        if value is not None
    ]
    if levels:
        words.append(
            tr(
                "encounters against {base}, other causes included: {levels}",
                base=row.residual_base,
                levels="; ".join(levels),
            )
        )
    note = row.note_es if spanish else row.note
    if note:
        words.append(note)
    return words
