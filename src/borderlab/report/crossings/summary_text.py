"""What a simulation gives, in a screenful of text."""

from __future__ import annotations

from borderlab.crossings.border.places import crossing, ports
from borderlab.crossings.outcomes.affected import notable, port_changes, shut, worst_lanes
from borderlab.crossings.outcomes.outcome import Outcome
from borderlab.language.dates import period
from borderlab.language.numbers import money, number, percent, three_figures
from borderlab.language.translate import translator
from borderlab.report.crossings.phrases import Words, lane_words, mode_words

ROOM = "crossings"


def brief_lines(outcome: Outcome, lang: str) -> list[str]:
    """Lines for a terminal: what changed most, what it cost, the hash."""
    tr = translator(ROOM, lang)
    scenario = outcome.scenario
    lines = [
        scenario.title(lang) if scenario.restrictions else tr("The border on ordinary days"),
        tr(
            "Simulated: {when}, {days} days, every vehicle and person, northbound",
            when=period(outcome.first, outcome.last, lang),
            days=outcome.n_days,
        ),
        "",
    ]
    if scenario.restrictions:
        lines += _counts(outcome, tr)
    lines += _waits(outcome, lang, tr)
    lines += _costs(outcome, lang, tr)
    lines += ["", tr("Not a forecast: what the model gives under the assumptions named in the report.")]
    lines.append(f"{tr('Hash')}: {outcome.hash}")
    return lines


def _counts(outcome: Outcome, tr: Words) -> list[str]:
    rows = notable(port_changes(outcome))[:10]
    if not rows:
        return [tr("No port's count changes by more than half a per cent."), ""]
    names = [f"{ports()[row.port].name}, {mode_words(row.mode, tr)}, {row.month}" for row in rows]
    wide = max(len(name) for name in names)
    head = f"  {'':<{wide}}{tr('Baseline'):>12}{tr('Scenario'):>12}{tr('Change'):>9}"
    lines = [tr("Entries by port and month that change most"), head]
    for name, row in zip(names, rows, strict=True):
        change = percent(row.share, 1, sign=True)
        lines.append(f"  {name:<{wide}.{wide}}{number(row.baseline):>12}{number(row.scenario):>12}{change:>9}")
    return [*lines, ""]


def _waits(outcome: Outcome, lang: str, tr: Words) -> list[str]:
    sides = ("baseline", "scenario") if outcome.scenario.restrictions else ("baseline",)
    found = {side: outcome.summed(side, "lane", "period") for side in sides}
    when = period(outcome.scenario.first, outcome.scenario.last, lang)
    title = (
        "Waits that change most, {when}" if outcome.scenario.restrictions else "Waits with most hours in line, {when}"
    )
    words = {"baseline": tr("Baseline"), "scenario": tr("Scenario")}
    head = f"  {tr('mean wait, min') + ' / ' + tr('longest, min'):<58.58}"
    lines = [tr(title, when=when), head + "".join(f"{words[side]:>22}" for side in sides)]
    closed = shut(outcome)
    for lane in worst_lanes(outcome, 8):
        place, lane_class, _ = outcome.lanes[lane]
        text = f"  {crossing(place).name(lang) + ', ' + lane_words(lane_class, tr):<58.58}"
        for side in sides:
            mean, longest = (float(found[side][name][lane, 0]) for name in ("mean_wait_min", "max_wait_min"))
            if side == "scenario" and closed[lane]:
                text += f"{tr('closed'):>22}"
                continue
            text += f"{number(mean) + ' / ' + number(longest):>22}"
        lines.append(text)
    return [*lines, ""]


def _costs(outcome: Outcome, lang: str, tr: Words) -> list[str]:
    found = {side: outcome.summed(side, "all", "span") for side in ("baseline", "scenario")}

    def extra(name: str) -> float:
        after = float(found["scenario"][name][0, 0])
        return after - float(found["baseline"][name][0, 0]) if outcome.scenario.restrictions else after

    hours = three_figures(extra("delay_hours") + extra("detour_hours"))
    rows = [
        (tr("Hours in lines and on detours"), number(hours)),
        (tr("Cost to users"), money(extra("user_cost_usd"), lang)),
    ]
    if outcome.scenario.restrictions:
        rows += [
            (tr("U.S. imports delayed"), money(extra("us_imports_delayed_usd"), lang)),
            (tr("U.S. imports put off"), money(extra("us_imports_put_off_usd"), lang)),
            (tr("U.S. exports of the same trucks (not simulated)"), money(extra("us_exports_linked_usd"), lang)),
        ]
    wide = max(len(name) for name, _ in rows)
    return [f"  {name:<{wide}}  {value}" for name, value in rows]
