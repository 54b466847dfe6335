"""The cost section of a crossings report: what it costs whom, at which price, from which source."""

from __future__ import annotations

from typing import Any

from borderlab.crossings.border.cost import delayed_after_min, prices
from borderlab.crossings.border.trade import trade_year
from borderlab.crossings.outcomes.outcome import Outcome
from borderlab.evidence.tables.source import sources
from borderlab.language.numbers import minutes, money, number, three_figures
from borderlab.report.crossings.phrases import Words, mode_words, one_of_mode
from borderlab.report.page.blocks import Column
from borderlab.report.page.page import Page

_WHO = {
    "truck": "carriers of both countries and who pays them",
    "vehicle": "travellers, most of whom live on one side and work or shop on the other",
    "pedestrian": "travellers, most of whom live on one side and work or shop on the other",
}


def cost_section(page: Page, outcome: Outcome, lang: str, tr: Words) -> list[str]:
    """Add the section and give the source ids it stands on."""
    ordinary = not outcome.scenario.restrictions
    section = page.section(
        tr("What the lines cost") if ordinary else tr("What it costs"),
        tr("Hours are simulated; prices come from the sources named. Scenario minus baseline over all days simulated.")
        if not ordinary
        else tr("Hours are simulated; prices come from the sources named."),
        id="cost",
    )
    rows, used = _user_rows(outcome, lang, tr)
    trade, trade_used = _trade_rows(outcome, lang, tr)
    for english, spanish, usd, source in outcome.scenario.upper_bounds:
        words = spanish if lang == "es" else english
        trade.append(
            [words, tr("everybody, as its authors count"), tr("upper bound"), money(usd, lang), "–", _named(source)]
        )
        trade_used.append(source)
    section.table(
        [
            tr("What"),
            tr("Who bears it"),
            tr("How it is reckoned"),
            Column(tr("Amount"), "right", wrap=True),
            Column(tr("Range"), "right", wrap=True),
            tr("Source"),
        ],
        rows + trade,
        caption=tr("Costs, northbound traffic"),
    )
    section.note(
        tr(
            "The value of goods delayed or put off is what the trucks carry, not what is lost. Northbound value is not "
            "two-way value: goods that U.S. firms sell to Mexico are not simulated and stand here for scale only."
        )
    )
    if not ordinary:
        section.note(
            tr(
                "Trips that are not made are counted, not priced: what keeps people away shortens lines and so lowers "
                "the cost of waiting, without being a gain."
            )
        )
    return [*used, *trade_used]


def _extra(outcome: Outcome, by: str, name: str, label: str) -> float:
    found = {side: outcome.summed(side, by, "span") for side in ("baseline", "scenario")}
    place = found["baseline"]["labels"].index(label)
    after = float(found["scenario"][name][place, 0])
    return after - float(found["baseline"][name][place, 0]) if outcome.scenario.restrictions else after


def _named(source: str) -> str:
    names = [part.strip() for part in source.split(";")]
    known = sources()
    return "; ".join(f"{known[name].publisher}, {known[name].date}" if name in known else name for name in names)


def _user_rows(outcome: Outcome, lang: str, tr: Words) -> tuple[list[list[Any]], list[str]]:
    rows: list[list[Any]] = []
    used: list[str] = []
    for mode in outcome.summed("baseline", "mode", "span")["labels"]:
        price = prices()[mode]
        waiting = _extra(outcome, "mode", "delay_hours", mode)
        detour = _extra(outcome, "mode", "detour_hours", mode)
        cost = _extra(outcome, "mode", "user_cost_usd", mode)
        if abs(waiting) + abs(detour) < 10:
            continue
        low, high = (float(value or 0) / float(price.default) * cost for value in (price.low, price.high))
        spread = tr("{low} to {high}", low=money(min(low, high), lang), high=money(max(low, high), lang))
        rows.append(
            [
                tr("Time of {mode} in lines and on detours", mode=mode_words(mode, tr)),
                tr(_WHO[mode]),
                tr(
                    "{waiting} h in lines, {detour} h on detours; ${price} an hour for a {one} ({grade})",
                    waiting=number(three_figures(waiting)),
                    detour=number(three_figures(detour)),
                    price=f"{float(price.default):.2f}",
                    one=one_of_mode(mode, tr),
                    grade=tr(price.grade),
                ),
                (money(cost, lang), cost),
                spread,
                _named(price.source),
            ]
        )
        used += price.sources
    return rows, used


def _trade_rows(outcome: Outcome, lang: str, tr: Words) -> tuple[list[list[Any]], list[str]]:
    if not outcome.scenario.restrictions or not any(mode == "truck" for _, _, mode in outcome.lanes):
        return [], []
    year = trade_year(outcome.first.year)
    source = _named("bts-transborder")
    lines = (
        (
            "us_imports_delayed_usd",
            tr("Goods delayed by more than {time}, U.S. imports", time=minutes(delayed_after_min())),
            tr("Mexican sellers and U.S. buyers"),
        ),
        (
            "us_imports_put_off_usd",
            tr("Goods put off and not yet come, U.S. imports"),
            tr("Mexican sellers and U.S. buyers"),
        ),
        (
            "us_exports_linked_usd",
            tr("Goods the same trucks would take south, U.S. exports"),
            tr("U.S. sellers and Mexican buyers"),
        ),
    )
    rows = []
    for name, words, who in lines:
        value = _extra(outcome, "all", name, "all")
        if abs(value) < 1e4:
            continue
        how = tr("trucks × freight value per truck of the port, {year}", year=year)
        if name == "us_exports_linked_usd":
            how += "; " + tr("not simulated")
        rows.append([words, who, how, (money(value, lang), value), "–", source])
    return rows, ["bts-transborder"]
