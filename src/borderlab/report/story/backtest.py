"""A backtest and the orders of today in words, English or Spanish."""

from __future__ import annotations

from typing import Any

from borderlab.evidence.tables.lever import levers
from borderlab.language.dates import date as day_words
from borderlab.language.translate import translator
from borderlab.report.story.firings import told
from borderlab.strategy.runtime.backtest import Backtest, RuleHistory, RuleToday, Today, Watched
from borderlab.strategy.tree.plain_words import Teller


def backtest_lines(found: Backtest, lang: str = "en") -> list[str]:
    """The firings rule by rule, with what was seen, and what could not be read."""
    tr = translator("observe", lang)
    teller = Teller(found.strategy, lang)
    first, last = day_words(found.first, lang), day_words(found.last, lang)
    out = [
        tr(
            "{title} on the official series, {first} to {last}",
            title=found.strategy.title[lang],
            first=first,
            last=last,
        ),
        tr("The series are as they happened; what a measure would have changed is not played out."),
        "",
    ]
    out += [_reading_line(one, teller, tr) for one in found.watched]
    if not found.rules:
        out.append(tr("The strategy has no rules: it never acts on what it sees."))
    sentences = dict(zip((id(one) for one in found.log.of(0)), told(found.strategy, found.log, 0, lang), strict=True))
    said = list(sentences.values())
    order = [firing.rule for firing in found.log.of(0)]
    for one in found.rules:
        out += ["", *_rule_lines(one, teller, tr)]
        mine = [text for text, rule in zip(said, order, strict=True) if rule == one.rule.id]
        out += [f"  - {text}" for text in mine]
    return [*out, "", f"hash {found.hash}"]


def today_lines(found: Today, lang: str = "en") -> list[str]:
    """Rule by rule: what is seen, whether the condition holds, what would be ordered."""
    tr = translator("observe", lang)
    teller = Teller(found.strategy, lang)
    day = day_words(found.day, lang)
    out = [tr("{title} on {day}, from the newest official data", title=found.strategy.title[lang], day=day)]
    if not found.rules:
        out.append(tr("The strategy has no rules: it never acts on what it sees."))
    for one in found.rules:
        out += ["", *_rule_today_lines(one, teller, tr)]
    moved = [(name, imposed, ahead) for name, imposed, ahead in found.levers if _moved(name, imposed, ahead)]
    out += ["", tr("in force today") if moved else tr("nothing is in force or threatened today")]
    for name, imposed, ahead in moved:
        lever = levers()[name]
        title = lever.name_en if lang == "en" else lever.name_es
        text = tr("{lever}: {value}", lever=title, value=teller.amount(imposed, lever.unit))
        if ahead != lever.default:
            text += " " + tr("(threatened: {value})", value=teller.amount(ahead, lever.unit))
        out.append(f"  {text}")
    return [*out, f"hash {found.hash}"]


def _moved(name: str, imposed: float, ahead: float) -> bool:
    default = levers()[name].default
    return imposed != default or ahead != default


def _reading_line(one: Watched, teller: Teller, tr: Any) -> str:
    name = teller.indicator(one.indicator)
    if one.known is None or one.known.first_day is None:
        return tr("not readable: {name} ({why})", name=name, why=tr(one.why or "no official series"))
    return tr("read: {name}, {series}, known from {day}", name=name, series=one.known.row.id,
              day=day_words(one.known.first_day, teller.lang))  # fmt: skip


def _rule_lines(one: RuleHistory, teller: Teller, tr: Any) -> list[str]:
    out = [
        tr("rule {rule}: fired {n} times", rule=teller.rule_name(one.rule.id), n=len(one.firings)),
        "  "
        + tr(
            "condition true in {t} weeks, false in {f}, not known in {u}",
            t=one.weeks_true,
            f=one.weeks_false,
            u=one.weeks_unknown,
        ),
    ]
    if one.missing:
        out.append("  " + tr("without a reading: {names}", names=", ".join(teller.indicator(n) for n in one.missing)))
    return out


def _rule_today_lines(one: RuleToday, teller: Teller, tr: Any) -> list[str]:
    state = {True: "its condition holds", False: "its condition does not hold", None: "its condition cannot be told"}
    out = [
        tr("rule {rule}: {state}; {holds}", rule=teller.rule_name(one.rule.id), state=tr(one.state),
           holds=tr(state[one.holds]))
    ]  # fmt: skip
    out.append("  " + tr("when {condition}", condition=teller.condition(one.rule.when)))
    for name, seen, why in one.readings:
        if seen is None:
            out.append("  " + tr("not readable: {name} ({why})", name=teller.indicator(name), why=tr(why or "")))
            continue
        value = teller.amount(seen.value, teller.indicators[name].unit)
        out.append(
            "  " + tr("seen: {name} {value}, {period} ({age} days old; {source})", name=teller.indicator(name),
                      value=value, period=f"{seen.period:%Y-%m}", age=seen.age_days, source=seen.source)
        )  # fmt: skip
    if one.state in ("in force", "threatened") or (one.holds and one.state == "idle"):
        out.append("  " + tr("it orders: {actions}", actions=teller.actions(one.rule)))
    return out
