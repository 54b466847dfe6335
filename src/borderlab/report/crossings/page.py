"""The report of a simulation of the crossings: one offline page, in English or Spanish."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from borderlab.crossings.border.places import crossing, ports
from borderlab.crossings.outcomes.affected import (
    hourly_waits,
    largest_fall,
    notable,
    port_changes,
    shut,
    touched_modes,
    window,
    worst_lanes,
)
from borderlab.crossings.outcomes.contract import day_change
from borderlab.crossings.outcomes.outcome import Outcome
from borderlab.evidence.tables.source import sources
from borderlab.language.dates import date, period
from borderlab.language.numbers import NONE, minutes, number, percent, three_figures
from borderlab.language.translate import translator
from borderlab.report.crossings.cost import cost_section
from borderlab.report.crossings.headline import change_words, month_words, ordinary_stats, scenario_stats
from borderlab.report.crossings.map import map_section, short_name
from borderlab.report.crossings.phrases import (
    Words,
    lane_words,
    mode_words,
    one_of_mode,
    place_words,
    restriction_words,
)
from borderlab.report.page.blocks import Column, Section
from borderlab.report.page.chart import bars, waits_by_hour
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
    _hours_section(page, outcome, lang, tr)
    used: list[str] = ["natural-earth", "census-states", "bts-border-crossings", "cbp-bwt-readings"]
    if not ordinary:
        _counts_section(page, outcome, lang, tr)
        _diverted_section(page, outcome, lang, tr)
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


def _hours_section(page: Page, outcome: Outcome, lang: str, tr: Words) -> None:
    lanes = worst_lanes(outcome)
    if not lanes:
        return
    ordinary = not outcome.scenario.restrictions
    section = page.section(
        tr("Hour by hour") if ordinary else tr("Hour by hour where it changes most"),
        tr("The wait that a sign at the end of the line would post at each full hour."),
        id="hours",
    )
    first, last = window(outcome)
    names = {
        lane: f"{crossing(outcome.lanes[lane][0]).name(lang)}, {lane_words(outcome.lanes[lane][1], tr)}"
        for lane in lanes
    }
    sides = (tr("as usual"), tr("with the restrictions"))
    waits = hourly_waits(outcome, lanes, first, last)
    short = max((row["h"] for row in waits if row["h"] is not None), default=0.0) < 2
    factor = 60 if short else 1
    rows = [
        {
            "panel": names[row["lane"]],
            "side": sides[row["side"] == "scenario"],
            "t": row["t"],
            "h": None if row["h"] is None else round(row["h"] * factor, 2),
        }
        for row in waits
    ]
    shade = None
    if not ordinary:
        begin, end = max(outcome.scenario.first, first), min(outcome.scenario.last, last)
        shade = (f"{begin}T00:00", f"{end}T23:59")
    panels = [names[lane] for lane in lanes]
    unit = tr("minutes of wait") if short else tr("hours of wait")
    section.chart(
        waits_by_hour(rows, panels, sides, shade=shade, unit=unit),
        narrow=waits_by_hour(rows, panels, sides, shade=shade, unit=unit, narrow=True),
        title=tr("Waits at the crossings with most hours in line")
        if ordinary
        else tr("Waits at the crossings most affected"),
        subtitle=f"{unit[:1].upper()}{unit[1:]}. "
        + tr(
            "Local time. Each panel has its own scale. The line breaks where the crossing is closed or the line would "
            "not be served before it closes."
        )
        + ("" if ordinary else " " + tr("Shaded: the days of the restrictions.")),
        alt=_hours_alt(outcome, lanes, names, tr),
        table=_hours_table(outcome, lanes, names, tr),
    )


def _hours_alt(outcome: Outcome, lanes: list[int], names: dict[int, str], tr: Words) -> str:
    parts = []
    for lane in lanes:
        longest = [
            float(outcome.summed(s, "lane", "period")["max_wait_min"][lane, 0]) for s in ("baseline", "scenario")
        ]
        if shut(outcome)[lane]:
            parts.append(f"{names[lane]}: {tr('closed')}")
        elif outcome.scenario.restrictions:
            parts.append(
                tr(
                    "{name}: longest wait {after}, as usual {before}",
                    name=names[lane],
                    after=minutes(longest[1]),
                    before=minutes(longest[0]),
                )
            )
        else:
            parts.append(tr("{name}: longest wait {time}", name=names[lane], time=minutes(longest[0])))
    return tr("Lines of waits over time.") + " " + "; ".join(parts) + "."


def _hours_table(
    outcome: Outcome, lanes: list[int], names: dict[int, str], tr: Words
) -> tuple[list[Column | str], list[list[Any]]]:
    found = {side: outcome.summed(side, "lane", "period") for side in ("baseline", "scenario")}
    ordinary = not outcome.scenario.restrictions
    closed = shut(outcome)
    rows: list[list[Any]] = []
    for lane in lanes:
        row: list[Any] = [names[lane]]
        for name in ("mean_wait_min", "max_wait_min"):
            for side in ("baseline",) if ordinary else ("baseline", "scenario"):
                value = number(float(found[side][name][lane, 0]))
                row.append(tr("closed") if side == "scenario" and closed[lane] else value)
        rows.append(row)
    heads = [tr("Mean wait"), tr("Longest wait")]
    if ordinary:
        return [tr("Lane"), *(Column(head, "right", "min") for head in heads)], rows
    usual, with_them = tr("as usual"), tr("with the restrictions")
    columns: list[Column | str] = [tr("Lane")]
    for head in heads:
        columns += [Column(f"{head}, {usual}", "right", "min"), Column(f"{head}, {with_them}", "right", "min")]
    return columns, rows


def _counts_section(page: Page, outcome: Outcome, lang: str, tr: Words) -> None:
    changes = port_changes(outcome)
    known = {(one.port, one.mode, one.month) for one in outcome.scenario.counted if not one.day}
    rows = notable(changes)
    rows += [row for row in changes if (row.port, row.mode, row.month) in known and row not in rows]
    section = page.section(
        tr("Who crosses in the month"),
        tr(
            "Entries of whole calendar months, the way they are published: a restriction of a few days is set against "
            "all days of its month."
        ),
        id="counts",
    )
    if not rows:
        section.text(tr("No port's count changes by more than half a per cent."))
    months = list(dict.fromkeys(row.month for row in rows))
    for mode in [mode for mode in touched_modes(outcome) if any(row.mode == mode for row in rows)][:2]:
        mine = sorted((row for row in rows if row.mode == mode), key=lambda row: row.share)
        if len(mine) > 14:
            mine = sorted(sorted(mine, key=lambda row: -abs(row.entities))[:14], key=lambda row: row.share)
        counted = {
            (one.port, one.month): one.change for one in outcome.scenario.counted if one.mode == mode and not one.day
        }
        drawn: list[dict[str, Any]] = [
            {
                "label": ports()[row.port].name
                + (f", {month_words(row.month, lang).split(' ')[0]}" if len(months) > 1 else ""),
                "value": round(row.share * 100, 2),
                "shown": change_words(row.share),
                "tone": "worse" if row.entities < 0 else "better",
                "mark": round(100 * counted[row.port, row.month], 2) if (row.port, row.month) in counted else None,
            }
            for row in mine
        ]
        when = month_words(months[0], lang) if len(months) == 1 else period(outcome.first, outcome.last, lang)
        ticked = any(row["mark"] is not None for row in drawn)
        section.chart(
            bars(drawn),
            narrow=bars(drawn, narrow=True, step=26),
            title=tr("Change of {mode} by port, {when}", mode=mode_words(mode, tr), when=when),
            subtitle=tr("Per cent of the entries without the restrictions.")
            + (" " + tr("Black marks: the change that was counted.") if ticked else ""),
            alt="; ".join(f"{row['label']} {row['shown']}" + _counted_words(row, tr) for row in drawn) + ".",
            table=(
                [tr("Port"), Column(tr("Simulated"), "right"), *([Column(tr("Counted"), "right")] if ticked else [])],
                [
                    [row["label"], row["shown"]]
                    + ([NONE if row["mark"] is None else change_words(row["mark"] / 100)] if ticked else [])
                    for row in drawn
                ],
            ),
        )
    _observed(section, outcome, lang, tr)
    every = section.group(tr("All ports and months"))
    every.table(
        [
            tr("Port"),
            tr("Who"),
            tr("Month"),
            *(Column(tr(head), "right") for head in ("As usual", "With them", "Change")),
        ],
        [
            [
                ports()[row.port].name,
                mode_words(row.mode, tr),
                row.month,
                (number(row.baseline), row.baseline),
                (number(row.scenario), row.scenario),
                (percent(row.share, 1, sign=True), row.share),
            ]
            for row in sorted(changes, key=lambda row: (row.mode, row.month, row.port))
        ],
        sortable=True,
    )


def _counted_words(row: dict[str, Any], tr: Words) -> str:
    return "" if row["mark"] is None else f" ({tr('counted')} {change_words(row['mark'] / 100)})"


def _observed(section: Section, outcome: Outcome, lang: str, tr: Words) -> None:
    for one in outcome.scenario.counted:
        simulated = day_change(outcome, one) if one.day else None
        if one.day and simulated is not None:
            section.text(
                tr(
                    "{mode} at {place} on {day}: {simulated} in the simulation, {counted} as counted.",
                    mode=mode_words(one.mode, tr)[:1].upper() + mode_words(one.mode, tr)[1:],
                    place=ports()[one.port].name,
                    day=date(one.day, lang),
                    simulated=change_words(simulated / 100),
                    counted=change_words(one.change),
                )
            )
    for english, spanish, source in outcome.scenario.observed:
        found = sources().get(source)
        named = f" ({found.publisher}, {found.date})" if found else ""
        section.callout(f"{tr('What was counted')}: {spanish if lang == 'es' else english}{named}")


def _diverted_section(page: Page, outcome: Outcome, lang: str, tr: Words) -> None:
    section = page.section(tr("Where the diverted went"), id="diverted")
    flows = outcome.diverted()
    moved = [row for row in flows if row["scenario"] - row["baseline"] >= 20]
    found = {side: outcome.summed(side, "mode", "span") for side in ("baseline", "scenario")}
    for mode in touched_modes(outcome)[:2]:
        place = found["baseline"]["labels"].index(mode)
        left, put_off, back = (
            float(found["scenario"][name][place, 0] - found["baseline"][name][place, 0])
            for name in ("diverted_away", "put_off", "came_back")
        )
        if max(left, put_off) < 20:
            continue
        section.text(
            tr(
                "{mode}: {left} went to another crossing or lane, {put_off} put the trip off, and {back} of those came "
                "back in the days simulated.",
                mode=mode_words(mode, tr)[:1].upper() + mode_words(mode, tr)[1:],
                left=number(three_figures(left)),
                put_off=number(three_figures(put_off)),
                back=number(three_figures(back)),
            )
        )
    if not moved:
        section.text(tr("Hardly anybody goes to another crossing."))
        return
    top = moved[:10]
    drawn = [
        {
            "label": f"{short_name(crossing(row['from']).name(lang))} → {short_name(crossing(row['to']).name(lang))}"
            + ("" if len({flow["mode"] for flow in top}) == 1 else f" ({mode_words(row['mode'], tr)})"),
            "value": row["scenario"] - row["baseline"],
            "shown": number(row["scenario"] - row["baseline"]),
        }
        for row in top
    ]
    section.chart(
        bars(drawn, colour="#17527a"),
        narrow=bars(drawn, colour="#17527a", narrow=True),
        title=tr("From which crossing to which"),
        subtitle=tr(
            "More than without the restrictions, over all days simulated ({when}).",
            when=period(outcome.first, outcome.last, lang),
        ),
        alt="; ".join(f"{row['label']} {row['shown']}" for row in drawn) + ".",
        table=(
            [tr("From"), tr("To"), tr("Who"), Column(tr("More than usual"), "right")],
            [
                [
                    crossing(row["from"]).name(lang),
                    crossing(row["to"]).name(lang),
                    mode_words(row["mode"], tr),
                    number(row["scenario"] - row["baseline"]),
                ]
                for row in moved[:40]
            ],
        ),
    )


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
