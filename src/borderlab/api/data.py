"""Real data: ``bl.data.series``, ``.import_files``, ``.gaps``, ``.effect``, ``.backtest``, ``.today`` …"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borderlab.api.frames import rows
from borderlab.api.html import card
from borderlab.base.problems import InputError, Problem
from borderlab.base.progress import Cancel, Progress, watched
from borderlab.evidence.tables.indicator import indicators
from borderlab.observe.effects.effect import Effect, estimate
from borderlab.observe.reading.dates import parse_month
from borderlab.observe.reading.report import ImportReport
from borderlab.observe.series import gaps as gap_room
from borderlab.observe.series import inventory as shelf
from borderlab.observe.series.indicator import officials
from borderlab.observe.series.series import definition, definitions
from borderlab.observe.store.store import Store
from borderlab.strategy.runtime import backtest as rules

if TYPE_CHECKING:
    import pandas as pd

Month = date | str | None
_COLUMNS = ("value", "source", "vintage", "flag")


@dataclass(frozen=True)
class Told:
    """A result that is told in words, beside its plain values.

    Attributes:
        found: as the room has it. kind: effect, backtest or today.
    """

    found: Any = field(repr=False)
    kind: str
    name: str

    @property
    def hash(self) -> str:
        """Of what made the result."""
        return str(self.to_json().get("hash", ""))

    def to_json(self) -> dict[str, Any]:
        """What the command prints with ``--json``."""
        plain: dict[str, Any] = self.found.json_ready()
        return plain

    def explain(self, lang: str = "en") -> str:
        """The result in words, English or Spanish."""
        return "\n".join(_LINES[self.kind](self.found, lang))

    def report(self, path: str | Path, lang: str = "en") -> Path:
        """Write the result as one offline page, and give its path."""
        from borderlab.report.page.text_page import text_page

        return text_page(self.name, self.explain(lang), lang, self.hash).write(path)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "found":
            raise AttributeError(name)
        return getattr(self.found, name)

    def _repr_html_(self) -> str:
        from html import escape

        return card(self.name, {"kind": self.kind}) + f"<pre>{escape(self.explain())}</pre>"


def _effect_lines(found: Effect, lang: str) -> list[str]:
    from borderlab.report.story.effect import lines

    return lines(found, lang)


def _backtest_lines(found: rules.Backtest, lang: str) -> list[str]:
    from borderlab.report.story.backtest import backtest_lines

    return backtest_lines(found, lang)


def _today_lines(found: rules.Today, lang: str) -> list[str]:
    from borderlab.report.story.backtest import today_lines

    return today_lines(found, lang)


_LINES: dict[str, Callable[[Any, str], list[str]]] = {
    "effect": _effect_lines,
    "backtest": _backtest_lines,
    "today": _today_lines,
}


def series(
    name: str,
    *,
    by: str | None = None,
    first: Month = None,
    last: Month = None,
    where: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """A series, an indicator's official series, or the rows of a data set: a row for each period (and part).

    Args:
        name: like ``entries.trucks`` or ``encounters``. by: the part to give one value each for, like ``port_code``.
        first, last: months, like ``"2024-03"``. where: narrow to a part, like ``{"port_code": "2304"}``.

    Returns:
        ``period`` (index), the part, value, source, vintage, flag; the unit in ``attrs``.

    Raises:
        InputError: there is no such series, part or month.
    """
    if by is not None:
        _parted(name, by)
    return _frame_of(shown(name, first=first, last=last, parts=by is not None, where=where))


def _parted(name: str, by: str) -> None:
    parts = definition(name).by if name in definitions() else None
    if name not in definitions():
        definition(name)  # says what there is
    if by != parts:
        cause = f"series {name} cannot be parted by '{by}'."
        raise InputError(Problem(cause, cure=f"It can be parted by {parts}." if parts else "It has no parts."))


def _frame_of(found: Mapping[str, Any]) -> pd.DataFrame:
    import pandas as pd

    records = [
        {"period": row["period"], **row["dimensions"], **{key: row.get(key) for key in _COLUMNS}}
        for row in found["rows"]
    ]
    made = pd.DataFrame(records)
    if len(made):
        made["period"] = pd.to_datetime(made["period"])
        made = made.set_index("period")
    made.attrs = {"series": found["series"], "title": found["title"], "units": {"value": found["unit"]}}
    return made


def shown(
    name: str,
    *,
    first: Month = None,
    last: Month = None,
    parts: bool = False,
    where: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What ``borderlab data show --json`` prints."""
    return shelf.shown(name, month_of(first), month_of(last), parts, dict(where or {}))


def indicator_shown(name: str, *, first: Month = None, last: Month = None) -> dict[str, Any]:
    """What ``borderlab indicators value --json`` prints."""
    return shelf.indicator_shown(name, month_of(first), month_of(last))


def indicator(name: str, *, first: Month = None, last: Month = None) -> pd.DataFrame:
    """The official series of an indicator, in the indicator's unit; ``attrs`` say how well it fits.

    Raises:
        InputError: there is no such indicator, or nothing official counts it.
    """
    found = indicator_shown(name, first=first, last=last)
    made = _frame_of(found)
    made.attrs |= {key: found[key] for key in ("official_series", "match", "differs") if key in found}
    return made


def beside(measure: str, course: Any, *, quantiles: Sequence[float] = (0.05, 0.5, 0.95)) -> pd.DataFrame:
    """Real data beside the model: the official series of a measure and quantiles of a recorded course, by month.

    Args:
        measure: an indicator with an official series. course: ``run.series[measure]``, over future and day.

    Raises:
        InputError: nothing official counts the measure.
    """
    real = indicator(measure)
    model = course.resample(day="MS").mean().quantile(list(quantiles), "future").to_pandas().T
    model.columns = [f"model_p{round(100 * float(one)):02d}" for one in model.columns]
    joined = real[["value"]].set_axis(["official"], axis=1).join(model, how="outer")
    joined.index.name = "month"
    joined.attrs = {"units": dict.fromkeys(joined.columns, indicators()[measure].unit)}
    return joined


def import_files(
    *files: str | Path,
    vintage: str | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> list[ImportReport]:
    """Import public files; they are known by their content. All are imported or none.

    Args:
        files: plain, gzip or zip. vintage: when they were got, like 2026-10-01.

    Raises:
        InputError: with everything that is wrong; nothing is then kept.
        Cancelled: ``cancel`` was set; nothing is then kept.
    """
    with watched(progress, cancel):
        return list(Store().import_files([str(one) for one in _flat(files)], vintage))


def _flat(files: Iterable[Any]) -> Iterable[Any]:
    for one in files:
        if isinstance(one, str | Path):
            yield one
        else:
            yield from one


def fetch(
    name: str,
    *,
    url: str | None = None,
    from_url: str | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> list[ImportReport]:
    """Download what stands at an official address and import it.

    Args:
        name: bts, cbp-waits, cbp-encounters, cbp-drugs, bts-transborder or sesnsp.
        url: address on the publisher's site, where it changes. from_url: a copy on this machine.

    Raises:
        InputError: it cannot be had, or is not what it should be.
        Cancelled: ``cancel`` was set.
    """
    from borderlab.observe.store.fetch import fetch as get

    with watched(progress, cancel):
        return list(get(name, url=url, from_url=from_url))


def imports_json(reports: Iterable[ImportReport]) -> dict[str, Any]:
    """What ``borderlab data import --json`` and ``fetch --json`` print."""
    return {"files": [report.json_ready() for report in reports]}


def inventory() -> dict[str, Any]:
    """Data sets with their imports, and series with what they span: what ``borderlab data list --json`` prints."""
    return shelf.inventory()


def names() -> pd.DataFrame:
    """A row for each series: title, unit, what it can be parted by, first and last period, indicators."""
    return rows(inventory()["series"], "id")


def gaps(name: str, *, by: str | None = None, where: Mapping[str, str] | None = None) -> pd.DataFrame:
    """A row for each stretch of months for which a series has no value, and why.

    Raises:
        InputError: there is no such series or part.
    """
    if by is not None:
        _parted(name, by)
    return rows([{**one.json_ready()} for one in found_gaps(name, parts=by is not None, where=where)])


def gaps_json(name: str, found: Iterable[gap_room.Gap]) -> dict[str, Any]:
    """What ``borderlab data gaps --json`` prints."""
    return {"series": name, "gaps": [gap.json_ready() for gap in found]}


def found_gaps(name: str, *, parts: bool = False, where: Mapping[str, str] | None = None) -> list[gap_room.Gap]:
    """The same as objects."""
    return list(gap_room.gaps(name, parts=parts, where=dict(where or {})))


def effect(episode: str, on: str, *, parts: Iterable[str] = ()) -> Told:
    """What a series did around an episode: interrupted time series, synthetic control, placebo tests, controls.

    Args:
        episode: an id, like ``texas-inspections-2022``. on: an indicator or series. parts: struck ones (port code,
            sector).

    Raises:
        InputError: there is no such episode or series, or nothing can be estimated.
    """
    return Told(estimate(episode, on, parts=frozenset(parts)), "effect", f"{episode}: {on}")


def backtest(strategy: str | Path, *, first: Month = None, last: Month = None) -> Told:
    """When the rules of a strategy would have fired on the official series, and why.

    Raises:
        InputError: a strategy with faults, or no data to read.
    """
    return Told(rules.backtest(strategy, month_of(first), month_of(last)), "backtest", str(strategy))


def today(strategy: str | Path) -> Told:
    """What a strategy would order now, rule by rule, from the newest official data.

    Raises:
        InputError: a strategy with faults.
    """
    return Told(rules.today(strategy), "today", str(strategy))


def month_of(given: Month) -> date | None:
    """A month as it is, or written like 2024-03 (a year alone: its January).

    Raises:
        InputError: it is none.
    """
    if given is None or isinstance(given, date):
        return given
    found = parse_month(given if len(given) > 4 else f"{given}-01")
    if found is None:
        raise InputError(f"'{given}' is no month; write it like 2024-03.")
    return found


def pairs(texts: Iterable[str] | None) -> dict[str, str]:
    """``["port_code=2304"]`` as a mapping.

    Raises:
        InputError: one is not of that form.
    """
    found: dict[str, str] = {}
    for text in texts or ():
        column, equals, value = text.partition("=")
        if not equals or not column or not value:
            raise InputError(f"'{text}' is not of the form column=value.")
        words = dict.fromkeys([*found.get(column.strip(), "").split("|"), *map(str.strip, value.split("|"))])
        found[column.strip()] = "|".join(word for word in words if word)
    return found


__all__ = [
    "Told", "backtest", "beside", "effect", "fetch", "gaps", "import_files", "indicator", "inventory", "names",
    "officials", "series", "today",
]  # fmt: skip
