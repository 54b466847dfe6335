"""The report of a simulation of the crossings: one offline page, in English or Spanish."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from borderlab.crossings.border.places import crossing, ports
from borderlab.crossings.outcomes.affected import (
    largest_fall,
)
from borderlab.crossings.outcomes.outcome import Outcome
from borderlab.evidence.tables.source import sources
from borderlab.language.dates import period
from borderlab.language.numbers import number
from borderlab.language.translate import translator
from borderlab.report.crossings.cost import cost_section
from borderlab.report.crossings.counts import counts_section
from borderlab.report.crossings.diverted import diverted_section
from borderlab.report.crossings.headline import change_words, month_words, ordinary_stats, scenario_stats
from borderlab.report.crossings.hours import hours_section
from borderlab.report.crossings.map import map_section
from borderlab.report.crossings.phrases import (
    Words,
    lane_words,
    mode_words,
    one_of_mode,
    place_words,
    restriction_words,
)
from borderlab.report.page.blocks import Column
from borderlab.report.page.page import Page

REPORT = "report.html"
ROOM = "crossings"


def build_page(outcome: Outcome, lang: str, command: str) -> Page:
    """The page of an outcome. ``command`` is what makes it again."""
    tr = translator(ROOM, lang)
    scenario = outcome.scenario
    ordinary = not scenario.restrictions
    when = period(scenario.first, scenario.last, lang)
    page = Page(
        lang=lang,
        title=tr("The border on ordinary days") if ordinary else scenario.title(lang),
        kicker=f"{tr('Crossings of the U.S.–Mexico border')} · {when}",
        lede=_lede(outcome, lang, tr),
    )
    page.stats(ordinary_stats(outcome, lang, tr) if ordinary else scenario_stats(outcome, lang, tr))
    map_section(page, outcome, lang, tr)
    hours_section(page, outcome, lang, tr)
    used: list[str] = ["natural-earth", "census-states", "bts-border-crossings", "cbp-bwt-readings"]
    if not ordinary:
        counts_section(page, outcome, lang, tr)
        diverted_section(page, outcome, lang, tr)
    used += cost_section(page, outcome, lang, tr)
    used += _assumed_section(page, outcome, lang, tr)
    _lanes_section(page, outcome, lang, tr)
    page.footer(
        hash=outcome.hash,
        command=command,
        sources=[name for name in dict.fromkeys(used) if name in sources()],
        notes=[
            tr(
                "Only traffic from Mexico to the United States is simulated, every vehicle and every person one by "
                "one. Both runs draw the same random numbers, so the difference is the restrictions' alone."
            )
        ],
    )
    return page


def write_all(
    outcome: Outcome, folder: Path, lang: str, command: str, advance: Callable[[float], None] | None = None
) -> list[Path]:
    """Write report, JSON, tables and the scenario into ``folder``: all of them or none.

    Raises:
        InputError: the folder holds other things or cannot be written.
    """
    from borderlab.base.safefile import whole_folder
    from borderlab.crossings.outcomes.contract import simulation_object
    from borderlab.crossings.outcomes.export import MARKER, SUMS, write_json, write_tables

    tell = advance or (lambda amount: None)
    names = []
    with whole_folder(folder, marker=MARKER) as part:
        page = build_page(outcome, lang, command)
        names.append(page.write(part / REPORT).name)
        tell(0.3)
        names.append(write_json(simulation_object(outcome), part / MARKER).name)
        if outcome.scenario.text:
            (part / "scenario.yaml").write_text(outcome.scenario.text, encoding="utf-8")
            names.append("scenario.yaml")
        written = write_tables(outcome, part, lambda amount: tell(amount * 0.7 / (len(SUMS) + 1)))
        names += [path.name for path in written]
    return [folder / name for name in names]


# -- words at the top -----------------------------------------------------------------------------------------------


def _lede(outcome: Outcome, lang: str, tr: Words) -> str:
    if not outcome.scenario.restrictions:
        return tr("Every vehicle and person that crosses northward, as the fitted counts and posted waits have it.")
    gist = outcome.scenario.gist(lang)
    top = largest_fall(outcome)
    if top is None:
        return gist or tr("What the restrictions change, beside the border as it ordinarily is.")
    said = tr(
        "In the simulation {share} of the {mode} of {place} are missing in {month}.",
        share=change_words(-top.share).removeprefix("+"),
        mode=mode_words(top.mode, tr),
        place=ports()[top.port].name,
        month=month_words(top.month, lang),
    )
    return f"{gist} {said}".strip()


# -- sections ---------------------------------------------------------------------------------------------------------


def _assumed_section(page: Page, outcome: Outcome, lang: str, tr: Words) -> list[str]:
    from borderlab.report.crossings.assumptions import general, judged_table

    section = page.section(tr("What was assumed"), id="assumed")
    used: list[str] = list(outcome.scenario.sources)
    scenario = outcome.scenario
    for volume in scenario.volumes:
        section.text(
            tr(
                "Traffic of its own time: {count} {mode} a day at {place}.",
                count=number(volume.per_day),
                mode=mode_words(volume.mode, tr),
                place=place_words([volume.crossing], lang, tr),
            )
        )
        used += volume.source
    if scenario.restrictions:
        section.bullets([restriction_words(restriction, lang, tr) for restriction in scenario.restrictions])
        used += [name for restriction in scenario.restrictions for name in restriction.source]
    notes = [spanish if lang == "es" else english for english, spanish in scenario.assumptions]
    section.bullets([*notes, *general(outcome, lang, tr)])
    used += judged_table(section.group(tr("The figures behind the drivers' choices, with their grade")), lang, tr)
    used += [source for _, _, source in scenario.observed]
    used += [source for one in scenario.counted for source in one.source.split("; ")]
    return used


def _lanes_section(page: Page, outcome: Outcome, lang: str, tr: Words) -> None:
    section = page.section(tr("Every lane"), id="lanes")
    found = {side: outcome.summed(side, "lane", "period") for side in ("baseline", "scenario")}
    when = period(outcome.scenario.first, outcome.scenario.last, lang)
    ordinary = not outcome.scenario.restrictions
    rows: list[list[Any]] = []
    for index, (place, lane, _) in enumerate(outcome.lanes):
        before, after = (
            {
                name: float(found[side][name][index, 0])
                for name in ("served", "mean_wait_min", "p95_wait_min", "max_wait_min")
            }
            for side in ("baseline", "scenario")
        )
        cells: list[Any] = [
            crossing(place).name(lang),
            lane_words(lane, tr),
            (number(before["served"]), before["served"]),
        ]
        if not ordinary:
            cells.append((number(after["served"]), after["served"]))
        for name in ("mean_wait_min", "max_wait_min"):
            for values in (before,) if ordinary else (before, after):
                cells.append((number(values[name]), values[name] if values[name] == values[name] else -1))
        rows.append(cells)
    heads = [tr("Crossed"), tr("Mean wait"), tr("Longest wait")]
    units = [None, "min", "min"]
    columns: list[Column | str] = [tr("Crossing"), tr("Lane")]
    for head, unit in zip(heads, units, strict=True):
        columns.append(Column(head if ordinary else f"{head}, {tr('as usual')}", "right", unit))
        if not ordinary:
            columns.append(Column(f"{head}, {tr('with the restrictions')}", "right", unit))
    section.group(tr("{count} lanes, {when}", count=len(rows), when=when)).table(columns, rows, sortable=True)


__all__ = ["build_page", "one_of_mode", "write_all"]
