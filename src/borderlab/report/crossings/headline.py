"""The headline numbers of a crossings report."""

from __future__ import annotations

from datetime import date

from borderlab.crossings.border.places import crossing, ports
from borderlab.crossings.outcomes.affected import LEAST_ENTITIES, notable, port_changes, shut, worst_lanes
from borderlab.crossings.outcomes.outcome import SIDES, Outcome
from borderlab.language.dates import month, period
from borderlab.language.numbers import minutes, money, number, percent, signed, three_figures
from borderlab.report.crossings.phrases import Words, lane_words, mode_words
from borderlab.report.page.blocks import Stat

LEAST_MINUTES = 5


def month_words(text: str, lang: str) -> str:
    """``"2022-04"`` in words."""
    return month(date.fromisoformat(f"{text}-01"), lang)


def change_words(share: float) -> str:
    """A change in per cent; one decimal where it is small."""
    return percent(share, 1 if abs(share) < 0.1 else 0, sign=True)


def scenario_stats(outcome: Outcome, lang: str, tr: Words) -> list[Stat]:
    """Up to four numbers: counts, those missing, a mean wait, hours and their cost, goods held up."""
    stats = [*_counts(outcome, lang, tr), *_missing(outcome, lang, tr)]
    waits = [stat for lane in worst_lanes(outcome, 12) if (stat := _mean_wait(outcome, lane, lang, tr))]
    stats += waits[:1]
    extra = {
        name: float(
            outcome.summed("scenario", "all", "span")[name][0, 0]
            - outcome.summed("baseline", "all", "span")[name][0, 0]
        )
        for name in ("delay_hours", "detour_hours", "user_cost_usd", "us_imports_delayed_usd", "us_imports_put_off_usd")
    }
    hours = extra["delay_hours"] + extra["detour_hours"]
    stats.append(
        Stat(
            signed(three_figures(hours)),
            tr("hours in lines and on detours, all users together"),
            tr("they cost about {money}", money=money(extra["user_cost_usd"], lang))
            if hours > 0
            else tr("trips not made are not priced"),
            "worse" if hours > 0 else "plain",
        )
    )
    trade = extra["us_imports_delayed_usd"] + extra["us_imports_put_off_usd"]
    if trade >= 1e5:
        stats.append(
            Stat(
                money(trade, lang),
                tr("of Mexican goods for U.S. buyers delayed or put off"),
                tr("their value, not a loss of that size"),
                "worse",
            )
        )
    return stats[:4]


def _counts(outcome: Outcome, lang: str, tr: Words) -> list[Stat]:
    changes = notable(port_changes(outcome))
    if not changes:
        return []
    top = changes[0]
    return [
        Stat(
            change_words(top.share),
            tr(
                "{mode} at {place} in {month}",
                mode=mode_words(top.mode, tr),
                place=ports()[top.port].name,
                month=month_words(top.month, lang),
            ),
            tr(
                "{after} instead of {before}",
                after=number(three_figures(top.scenario)),
                before=number(three_figures(top.baseline)),
            ),
            "worse" if top.entities < 0 else "plain",
        )
    ]


def _missing(outcome: Outcome, lang: str, tr: Words) -> list[Stat]:
    """Where crossings close: how many fewer cross while they are closed."""
    if not any(restriction.kind == "close" for restriction in outcome.scenario.restrictions):
        return []
    found = {side: outcome.summed(side, "mode", "period") for side in SIDES}
    change = found["scenario"]["served"][:, 0] - found["baseline"]["served"][:, 0]
    mode = int(change.argmin())
    if change[mode] > -LEAST_ENTITIES:
        return []
    usual = number(three_figures(float(found["baseline"]["served"][mode, 0])))
    return [
        Stat(
            number(three_figures(float(change[mode]))),
            tr(
                "{mode} in {when}, whole border",
                mode=mode_words(found["baseline"]["labels"][mode], tr),
                when=period(outcome.scenario.first, outcome.scenario.last, lang),
            ),
            tr("{count} cross in that time as usual", count=usual),
            "worse",
        )
    ]


def _mean_wait(outcome: Outcome, lane: int, lang: str, tr: Words) -> Stat | None:
    """The mean wait of a lane in the period; None if it hardly changes or nobody waits there."""
    place, lane_class, _ = outcome.lanes[lane]
    before, after = (float(outcome.summed(side, "lane", "period")["mean_wait_min"][lane, 0]) for side in SIDES)
    if shut(outcome)[lane] or not abs(after - before) >= LEAST_MINUTES:
        return None
    return Stat(
        minutes(after),
        tr("mean wait at {place}, {lane}", place=crossing(place).name(lang), lane=lane_words(lane_class, tr)),
        tr("{time} without the restrictions", time=minutes(before)),
        "worse" if after > before else "better",
    )


def ordinary_stats(outcome: Outcome, lang: str, tr: Words) -> list[Stat]:
    """How many cross by mode with their mean wait, and the hours in line."""
    found = outcome.summed("baseline", "mode", "span")
    stats = []
    for place, mode in enumerate(found["labels"]):
        if found["served"][place, 0] > 0:
            stats.append(
                Stat(
                    number(three_figures(float(found["served"][place, 0]))),
                    mode_words(mode, tr),
                    tr("mean wait {time}", time=minutes(float(found["mean_wait_min"][place, 0]))),
                )
            )
    hours = float(outcome.summed("baseline", "all", "span")["delay_hours"][0, 0])
    stats.append(Stat(number(three_figures(hours)), tr("hours in line, all users together")))
    return stats[:4]
