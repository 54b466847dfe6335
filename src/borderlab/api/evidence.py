"""Where every number comes from: ``bl.evidence.why``, ``.claims``, ``.sources``, ``.search`` …

The names of the room :mod:`borderlab.evidence` are found here, too, as ``borderlab.evidence`` stands for both.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borderlab.api.frames import rows
from borderlab.api.html import card
from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.catalogue import check as checking
from borderlab.evidence.catalogue.catalogue import known_kinds
from borderlab.evidence.catalogue.search import Hit
from borderlab.evidence.catalogue.search import search as find
from borderlab.evidence.catalogue.show import Shown
from borderlab.evidence.catalogue.show import show as find_shown
from borderlab.evidence.catalogue.timeline import Span
from borderlab.evidence.catalogue.timeline import timeline as find_spans
from borderlab.evidence.provenance.answer import Answer
from borderlab.evidence.provenance.why import why as answer_why
from borderlab.evidence.tables import claim, conflict, episode, indicator, lever, parameter, programme, source

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Why:
    """Where a number comes from. ``answer``: as the evidence has it; its parts are found here, too."""

    answer: Answer = field(repr=True)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "answer":
            raise AttributeError(name)
        return getattr(self.answer, name)

    @property
    def uses(self) -> pd.DataFrame:
        """What leans on it directly: kind and name."""
        return rows([{"kind": use.kind, "name": use.name} for use in self.answer.used])

    @property
    def frame(self) -> pd.DataFrame:
        """The answer as a table of one column."""
        import pandas as pd

        shown = ("kind", "meaning_en", "value", "range", "unit", "grade", "date", "sources", "note", "place")
        return pd.DataFrame({self.answer.name: {name: str(getattr(self.answer, name)) for name in shown}})

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        """What ``borderlab why --json`` prints."""
        return why_json(self.answer, lang)

    def explain(self, lang: str = "en") -> str:
        """The answer in words, English or Spanish."""
        from borderlab.report.book.text import answer_lines

        return "\n".join(answer_lines(self.answer, lang))

    def _repr_html_(self) -> str:
        return card(self.answer.name, {"kind": self.answer.kind, "grade": self.answer.grade or "–"}, self.frame)


def why(name: str) -> Why:
    """Where ``name`` comes from: value, range, grade, sources, what leans on it, which measures it moves.

    Args:
        name: a parameter, lever, indicator, claim, crossing, figure of a table, result …

    Raises:
        InputError: nothing has that name; says the nearest that does.
    """
    from borderlab.model.run.declared import declarations

    return Why(answer_why(name, declarations()))


def why_json(answer: Answer, lang: str) -> dict[str, Any]:
    """The contract of ``why NAME --json``."""
    return answer.to_json(lang)


def claims(essay: str | None = None) -> pd.DataFrame:
    """A row for each statement of the essays: what is said, with which figure, and the verdict against official data.

    Raises:
        InputError: there is no such essay.
    """
    found = list(claim.claims().values())
    if essay is not None:
        if essay not in claim.ESSAYS:
            cure = f"The essays are {', '.join(claim.ESSAYS)}."
            near = nearest(essay, claim.ESSAYS)
            raise InputError(Problem(f"there is no essay '{essay}'.", did_you_mean=near, cure=cure))
        found = [one for one in found if one.source == essay]
    return _table(found)


def sources() -> pd.DataFrame:
    """A row for each source: title, publisher, date, reliability, address."""
    return _table(source.sources().values())


def parameters() -> pd.DataFrame:
    """A row for each parameter of the register: unit, default, distribution, range, grade, source."""
    return _table(parameter.parameters().values())


def levers() -> pd.DataFrame:
    """A row for each thing that a government can set: unit, bounds, today's value, grade, source."""
    return _table(lever.levers().values())


def indicators() -> pd.DataFrame:
    """A row for each measure: unit, definition, direction, source."""
    return _table(indicator.indicators().values())


def episodes() -> pd.DataFrame:
    """A row for each historical use of a threat or imposition."""
    return _table(episode.episodes().values())


def programmes() -> pd.DataFrame:
    """A row for each agreement or mechanism between the two governments."""
    return _table(programme.programmes().values())


def conflicts(lang: str = "en") -> pd.DataFrame:
    """Where sources differ: a row for each value, with what it counts."""
    found = [{"topic": one["topic"], "title": one["title"], **value} for one in conflicts_json(lang)["conflicts"]
             for value in one["values"]]  # fmt: skip
    return rows(found, "topic")


def conflicts_json(lang: str = "en") -> dict[str, Any]:
    """What ``borderlab evidence conflicts --json`` prints."""
    return {"conflicts": [_topic(topic, values, lang) for topic, values in conflict.conflicts().items()]}


def conflicts_text(lang: str = "en") -> str:
    """What ``borderlab evidence conflicts`` prints."""
    from borderlab.report.book.text import conflict_lines

    return "\n".join(conflict_lines(conflict.conflicts(), lang))


def _topic(topic: str, values: Any, lang: str) -> dict[str, Any]:
    def words(row: Any, column: str) -> Any:
        return getattr(row, f"{column}_{lang}")

    return {
        "topic": topic,
        "title": words(values[0], "topic"),
        "values": [
            {
                "id": row.id,
                "value": row.value,
                "low": row.low,
                "high": row.high,
                "unit": row.unit,
                "period": row.period,
                "counts": words(row, "counts"),
                "used": row.used == "yes",
                "note": words(row, "note"),
                "sources": list(row.sources),
                "date": row.date,
            }
            for row in values
        ],
    }


def hits(query: str, *, kinds: Iterable[str] = (), limit: int = 20) -> list[Hit]:
    """What fits some words, English or Spanish, best first.

    Raises:
        InputError: with every kind that there is not.
    """
    wanted = frozenset(kinds)
    cure = f"Known: {', '.join(sorted(known_kinds()))}."
    problems = [Problem(f"there is no kind '{one}'.", cure=cure) for one in sorted(wanted - known_kinds())]
    if problems:
        raise InputError(problems)
    return find(query, limit=limit, kinds=wanted or None)


def hits_json(query: str, found: Iterable[Hit], lang: str = "en") -> dict[str, Any]:
    """What ``borderlab evidence search --json`` prints."""
    return {"query": query, "results": [hit.to_json(lang) for hit in found]}


def search(query: str, *, kinds: Iterable[str] = (), limit: int = 20, lang: str = "en") -> pd.DataFrame:
    """A row for each claim, source, parameter, lever, indicator, episode or programme that fits the words, best first.

    Raises:
        InputError: with every kind that there is not.
    """
    return rows([hit.to_json(lang) for hit in hits(query, kinds=kinds, limit=limit)])


def show(name: str) -> Shown:
    """Everything that the tables say of one essay, source, claim, programme or episode.

    Raises:
        InputError: nothing has that name.
    """
    return find_shown(name)


def timeline(first: str = "1969", last: str | None = None, lang: str = "en") -> pd.DataFrame:
    """A row for each programme, episode and president in order of time."""
    return rows([span.to_json(lang) for span in spans(first, last)])


def spans(first: str = "1969", last: str | None = None) -> list[Span]:
    """Programmes, episodes and presidents between two years, months or days.

    Raises:
        InputError: no dates, or in the wrong order.
    """
    return find_spans(first, last)


def spans_json(found: Iterable[Span], first: str, last: str | None, lang: str = "en") -> dict[str, Any]:
    """What ``borderlab evidence timeline --json`` prints."""
    return {"from": first, "to": last, "spans": [span.to_json(lang) for span in found]}


def check() -> pd.DataFrame:
    """A row for each fault of the shipped tables: a number without source, date or grade, a claim without place."""
    found = [{"place": one.place, "name": one.name, "cause": one.cause} for one in checking.faults()]
    import pandas as pd

    made = pd.DataFrame(found, columns=["place", "name", "cause"])
    made.attrs = {"checked": checking.counted()}
    return made


def check_json() -> dict[str, Any]:
    """What ``borderlab evidence check --json`` prints."""
    found = checking.faults()
    return {
        "ok": not found,
        "checked": checking.counted(),
        "faults": [{"place": one.place, "name": one.name, "cause": one.cause} for one in found],
    }


def check_text() -> str:
    """What ``borderlab evidence check`` prints."""
    found = checking.faults()
    rows_ = ", ".join(f"{number} {kind}" for kind, number in checking.counted().items())
    said = "no faults" if not found else f"{len(found)} faults"
    return "\n".join([*map(str, found), f"{said}; checked: {rows_}"])


def book(folder: str | Path, lang: str = "en") -> list[Path]:
    """Write the evidence book (a page for each essay, the timeline, the conflicts; offline) and give its pages.

    Raises:
        InputError: the folder holds other things or cannot be written.
    """
    from borderlab.report.book.pages import write_book

    return list(write_book(Path(folder), lang))


def _table(found: Iterable[Any]) -> pd.DataFrame:
    return rows([one.model_dump() for one in found], "id")


def __getattr__(name: str) -> Any:
    try:
        return getattr(sys.modules["borderlab.evidence"], name)
    except AttributeError:
        raise AttributeError(f"borderlab.evidence has no '{name}'") from None
