"""Section 5: over time, and three told stories for each strategy."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from borderlab.evidence.tables.indicator import indicators
from borderlab.explore.answers.stories import Event, Story, stories
from borderlab.explore.results.focus import focus
from borderlab.explore.results.force import any_in_force
from borderlab.explore.running.chunk import BLOCK_WEEKS
from borderlab.language.dates import date as day_words
from borderlab.language.numbers import number, percent
from borderlab.report.comparison.charts import fans, firing_strips, iso, story
from borderlab.report.comparison.wording import Words, chart_format
from borderlab.report.page.blocks import Blocks, Column, Section
from borderlab.report.page.page import Page
from borderlab.strategy.runtime.firings import Ending

if TYPE_CHECKING:
    from borderlab.explore.answers.compare import Compared

KEY = ("arrivals", "drugs.fentanyl_entering", "mx.homicides", "institution_level", "trade.cost_us")
EVERY = 3  # blocks between two points of a fan: a quarter of a year
STRIP = 6  # blocks of a strip: half a year
MOST_EVENTS = 8
ENDINGS = {
    0: "still running at the end",
    1: "ended: its aim was met",
    2: "dropped: its aim was met under the threat",
    3: "ended: its time was up, the aim unmet",
    4: "lifted step by step",
    5: "not carried out",
    6: "ended: no longer called for",
    7: "ended: a reading was missing",
    8: "done",  # a step of a programme, which is told in a sentence of its own
}
KINDS = {"typical": "A typical future", "works": "A future where it works", "backfires": "A future where it backfires"}


def time_section(page: Page, done: Compared, words: Words) -> None:
    """Fans of the key indicators, when rules are in force, and the stories."""
    tr, comparison = words.tr, done.comparison
    section = page.section(
        tr("Over time"),
        tr(
            "Bands hold nine plausible futures in ten; they are not forecasts. Dotted lines: a new president takes "
            "office ({days}). Dark strips above a panel: a rule of the strategy is in force, the darker the more "
            "futures.",
            days="; ".join(f"{who} {day_words(day, words.lang)}" for day, who in elections(done, words)),
        ),
        id="over-time",
    )
    force = [any_in_force(comparison, place) for place in range(len(comparison.ids))]
    for name in KEY:
        if name in comparison.course:
            _fan(section, done, words, name, force)
    _strips(section, done, words)
    section.text(
        tr(
            "Three told stories for each strategy. They are picked by how much the strategy gains against the status "
            "quo in the same future, on {measures} taken together, each by its own spread: the median, the 95th and "
            "the 5th percentile.",
            measures=words.together([words.inside(words.measure(n)) for n, row in focus().items() if row.believe]),
        )
    )
    for place in range(1, len(comparison.ids)):
        inner = section.group(tr("{strategy}: three futures", strategy=words.names[comparison.ids[place]]))
        for one in stories(comparison, place):
            _tell(inner, done, words, one)


def elections(done: Compared, words: Words) -> list[tuple[date, str]]:
    """Days within the period on which a president takes office, with the country."""
    from borderlab.evidence.tables.leader import inaugurations

    last = done.comparison.start + timedelta(days=round(365.25 * done.comparison.inputs["years"]))
    who = {"US": words.tr("United States"), "MX": words.tr("Mexico")}
    return [(day, who[country]) for day, country in inaugurations() if done.comparison.start < day < last]


def _fan(section: Section, done: Compared, words: Words, name: str, force: list[np.ndarray]) -> None:
    tr, comparison = words.tr, done.comparison
    indicator = indicators()[name]
    scale, unit = words.chart_unit(indicator)
    p05, median, p95 = np.quantile(comparison.course[name], [0.05, 0.5, 0.95], axis=1) * scale
    days = comparison.block_days
    rows: list[dict[str, Any]] = []
    table = []
    for place, id_ in enumerate(comparison.ids):
        for block in range(0, len(days), EVERY):
            low, middle, high = (float(f"{a[place, block]:.4g}") for a in (p05, median, p95))
            base = float(f"{median[0, block]:.4g}")
            held = force[place][block : block + EVERY]
            rows.append(
                {
                    "name": words.names[id_],
                    "day": iso(days[block]),
                    "end": iso(days[min(block + EVERY, len(days) - 1)]),
                    "force": round(100 * float(held.mean()), 1),
                    "p05": low,
                    "median": middle,
                    "p95": high,
                    "base": base,
                }
            )
        for block in range(0, len(days), 13):
            shown = [words.value(indicator, float(a[place, block]) / scale) for a in (median, p05, p95)]
            table.append(
                [words.names[id_], day_words(days[block], words.lang), *shown, percent(float(force[place][block]))]
            )
    shape = chart_format(float(p95.max()))
    marks = [{"day": day.isoformat(), "who": who} for day, who in elections(done, words)]
    names = list(words.names.values())
    columns = [
        Column(tr("Strategy")),
        Column(tr("Date")),
        Column(tr("Median"), "right"),
        Column("5 %", "right"),
        Column("95 %", "right"),
        Column(tr("A rule is in force in"), "right"),
    ]
    section.chart(
        fans(rows, names, marks, narrow=False, format=shape),
        narrow=fans(rows, names, marks, narrow=True, format=shape),
        title=f"{words.measure(name)}, {unit}",
        subtitle=tr(
            "line: median; band: 5 to 95 %; dashed: median of the status quo; dotted: a new president; strip above: "
            "rules in force"
        ),
        alt=tr(
            "A panel for each strategy with the median and the 5 to 95 per cent band over time; yearly figures are in "
            "the table below."
        ),
        table=(columns, table),
    )


def _strips(section: Section, done: Compared, words: Words) -> None:
    tr, comparison = words.tr, done.comparison
    days, rows, table = comparison.block_days, [], []
    for place, strategy in enumerate(comparison.strategies):
        for number_, rule in enumerate(strategy.rules):
            share = comparison.in_force[place][number_]
            fired = float((comparison.first[place][number_] >= 0).mean())
            weeks = comparison.weeks[place][number_]
            typical = float(np.median(weeks[weeks > 0])) if (weeks > 0).any() else 0.0
            table.append([words.names[strategy.id], rule_words(rule, words), percent(fired), number(typical)])
            if not rule.lever_actions or share.max() < 0.01:
                continue
            for block in range(0, len(share), STRIP):
                mean = float(share[block : block + STRIP].mean())
                end = days[min(block + STRIP, len(days) - 1)] + timedelta(days=0 if block + STRIP < len(days) else 28)
                rows.append(
                    {
                        "name": words.names[strategy.id],
                        "rule": rule_words(rule, words),
                        "day": iso(days[block]),
                        "end": iso(end),
                        "share": round(100 * mean, 1),
                        "shown": percent(mean),
                    }
                )
    if not table:
        return
    columns = [
        Column(tr("Strategy")),
        Column(tr("Rule")),
        Column(tr("Fires in"), "right"),
        Column(tr("Weeks in force (median where it fires)"), "right"),
    ]
    if not rows:
        section.table(columns, table, caption=tr("When the rules fire"))
        return
    title, acting = tr("share of futures, %"), {row["name"] for row in rows}
    names = [name for name in words.names.values() if name in acting]
    section.chart(
        firing_strips(rows, names, title=title, narrow=False),
        narrow=firing_strips(rows, names, title=title, narrow=True),
        title=tr("When the rules are in force"),
        subtitle=tr("share of plausible futures in which a rule is in force, by half-year"),
        alt=tr(
            "A strip for each rule, darker where it is in force in more futures; how often each fires is in the table "
            "below."
        ),
        table=(columns, table),
    )


def rule_words(rule: Any, words: Words) -> str:
    """A rule's title, or its id in words."""
    title = rule.title or {}
    return title.get(words.lang) or title.get("en") or rule.id.replace("-", " ")


def _tell(place: Blocks, done: Compared, words: Words, told: Story) -> None:
    tr, comparison = words.tr, done.comparison
    strategy = comparison.strategies[told.strategy]
    place.text(
        tr(
            "{kind} (number {number}). {outcome}",
            kind=tr(KINDS[told.kind]),
            number=number(told.number),
            outcome=_outcome(done, words, told),
        )
    )
    lines = [_event(words, strategy.rule(event.rule), event) for event in told.events]
    if lines:
        shown = lines[:MOST_EVENTS]
        if len(lines) > MOST_EVENTS:
            shown.append(tr("… and {count} more firings.", count=len(lines) - MOST_EVENTS))
        place.bullets(shown)
    elif strategy.rules:
        place.text(tr("No rule fires in this future."))
    name = "arrivals"
    if name not in comparison.course:
        return
    labels = (words.names[strategy.id], words.names[comparison.ids[0]])
    rows: list[dict[str, Any]] = [
        {"day": iso(day), "value": float(f"{course[told.place, block]:.4g}"), "line": label}
        for course, label in (
            (comparison.course[name][told.strategy], labels[0]),
            (comparison.course[name][0], labels[1]),
        )
        for block, day in enumerate(comparison.block_days)
        if block % 2 == 0
    ]
    last = comparison.block_days[-1] + timedelta(days=7 * BLOCK_WEEKS)
    spans = [{"day": iso(e.imposed), "end": iso(e.end or last)} for e in told.events if e.imposed]
    indicator = indicators()[name]
    place.chart(
        story(rows, spans, labels, chart_format(max(float(row["value"]) for row in rows))),
        title=tr("{measure} in this future", measure=words.measure(name)),
        subtitle=f"{words.shown_unit(indicator)}; " + tr("shaded: a rule is in force"),
        alt=tr("Arrivals over time in one future, under the strategy and under the status quo."),
        table=(
            [Column(tr("Date")), Column(labels[0], "right"), Column(labels[1], "right")],
            [
                [
                    day_words(day, words.lang),
                    words.value(indicator, float(comparison.course[name][told.strategy][told.place, b])),
                    words.value(indicator, float(comparison.course[name][0][told.place, b])),
                ]
                for b, day in enumerate(comparison.block_days)
                if b % 13 == 0
            ],
        ),
    )


def _outcome(done: Compared, words: Words, told: Story) -> str:
    tr, comparison = words.tr, done.comparison
    parts = []
    for name, row in focus().items():
        if not (row.believe or name == "trade.cost_us") or name not in comparison.values:
            continue
        mine, base = (float(comparison.values[name][place, told.place]) for place in (told.strategy, 0))
        indicator = indicators()[name]
        parts.append(
            tr(
                "{measure} {value} instead of {base}",
                measure=words.measure(name),
                value=words.value(indicator, mine),
                base=words.value(indicator, base),
            )
        )
    return tr("Averages over the period, against the status quo in the same future: {list}.", list="; ".join(parts))


def _event(words: Words, rule: Any, event: Event) -> str:
    tr = words.tr
    name = Words.capital(rule_words(rule, words))
    begun = day_words(event.begin, words.lang)
    why = tr(ENDINGS[event.why])
    until = f"{day_words(event.end, words.lang)}, {why}" if event.end else why
    if event.why == Ending.DONE:
        return tr("{day}: what “{rule}” orders is done.", day=begun, rule=name)
    if event.imposed is None:
        return tr("{day}: “{rule}” is announced; {until}.", day=begun, rule=name, until=until)
    if event.imposed > event.begin:
        return tr(
            "{day}: “{rule}” is announced, in force from {imposed}; {until}.",
            day=begun,
            rule=name,
            imposed=day_words(event.imposed, words.lang),
            until=until,
        )
    return tr("{day}: “{rule}” comes into force; {until}.", day=begun, rule=name, until=until)
