"""A strategy in plain words, English or Spanish, made from its tree: what it sets, watches, threatens and does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from borderlab.evidence.tables.lever import Actor, levers
from borderlab.evidence.tables.source import sources
from borderlab.language.amounts import amount_words, weeks_words
from borderlab.language.dates import date as day_words
from borderlab.language.translate import translator
from borderlab.strategy.tree.tree import (
    AllOf,
    AnyOf,
    Change,
    Condition,
    Constant,
    EssayPlace,
    InPeriod,
    LeaderChange,
    LeverAction,
    Not,
    ProgrammeStep,
    Rule,
    RuleState,
    Strategy,
    Threshold,
)
from borderlab.strategy.tree.vocabulary import Readable, place_name, shipped_indicators

_PROPER = ("Mexican", "Mexico", "Border", "GAO", "U.S", "EE", "México", "National", "Guardia", "Ejército", "Marina")
_FORMS = {"informal": "an informal arrangement", "declaration": "a declaration", "agreement": "a signed agreement",
          "statute": "a statute", "treaty": "a treaty"}  # fmt: skip
_TOOK_OFFICE = {"us": "a president of the United States took office no more than {weeks} ago",
                "mx": "a president of Mexico took office no more than {weeks} ago",
                "either": "a president of either country took office no more than {weeks} ago"}  # fmt: skip
_NONE_TOOK_OFFICE = {"us": "no president of the United States took office in the last {weeks}",
                     "mx": "no president of Mexico took office in the last {weeks}",
                     "either": "no president of either country took office in the last {weeks}"}  # fmt: skip
_STOOD = {"threatened": "the rule {rule} has stood announced for {weeks}",
          "in force": "the rule {rule} has been in force for {weeks}",
          "ended": "the rule {rule} ran its course at least {weeks} ago"}  # fmt: skip
_ACTORS: tuple[Actor, ...] = ("us", "mx", "both")


def cited(place: EssayPlace) -> str:
    """A source with the place in it."""
    return f"{place.source}, {place.place}" if place.place else place.source


class Teller:
    """Tells the parts of one strategy in one language."""

    def __init__(self, strategy: Strategy, lang: str = "en", indicators: Mapping[str, Readable] | None = None) -> None:
        self.strategy, self.lang = strategy, lang
        self.tr: Callable[..., str] = translator("strategy", lang)
        self.indicators = shipped_indicators() if indicators is None else indicators

    # ---- small pieces

    def amount(self, value: float, unit: str) -> str:
        """An amount with its unit."""
        return amount_words(value, unit, self.lang)

    def weeks(self, weeks: int) -> str:
        """A duration."""
        return weeks_words(weeks, self.lang)

    def indicator(self, name: str) -> str:
        """The name of an indicator inside a sentence; 'Effort, announced' becomes 'announced effort'.

        Another comma would break the sentence, so that such a name stands in quotation marks; in Spanish the sentences
        bring their own.
        """
        found = _inner(self.indicators[name].name(self.lang))
        what, comma, kind = found.rpartition(", ")
        if comma and kind in ("announced", "real"):
            return f"{kind} {what}"
        return self.title({self.lang: found}) if comma and self.lang == "en" else found

    def joined(self, parts: Sequence[str], word: str = "and") -> str:
        """A list in prose: a, b and c."""
        if len(parts) < 2:
            return "".join(parts)
        last = self.tr("and" if word == "and" else "or")
        if self.lang == "es" and word == "and" and parts[-1].lower().startswith(("i", "hi")):
            last = "e"
        return f"{', '.join(parts[:-1])} {last} {parts[-1]}"

    def title(self, texts: Mapping[str, str]) -> str:
        """A title in quotation marks."""
        return f"«{texts[self.lang]}»" if self.lang == "es" else f"“{texts[self.lang]}”"

    def rule_name(self, rule_id: str) -> str:
        """A rule by its title, or by its id if it has none."""
        for rule in self.strategy.rules:
            if rule.id == rule_id and rule.title:
                return self.title(rule.title)
        return f"'{rule_id}'"

    def places(self, lever: str, words: Sequence[str], ids: Sequence[str]) -> str:
        """Where a lever is put, with ``at``; empty for the whole border."""
        kind = levers()[lever].places
        shown = [place_name(kind, word, self.lang) for word in (words or ids)]
        if not shown or "all" in shown:
            return ""
        if kind == "sector":
            return " " + self.tr("in the sectors {places}" if len(shown) > 1 else "in the sector {places}",
                                 places=self.joined(shown))  # fmt: skip
        return " " + self.tr("at {places}", places=self.joined(shown))

    def text(self, place: EssayPlace) -> str:
        """A text by its title, publisher and year, with the short name that the rules below cite."""
        row = sources().get(place.source)
        return cited(place) if row is None else f"{row.title} ({row.publisher}, {row.date}) [{cited(place)}]"

    def essay(self, place: EssayPlace | None) -> str:
        """Where a part comes from, in brackets; empty if it does not say."""
        return f" ({cited(place)})" if place is not None else ""

    # ---- conditions

    def condition(self, condition: Condition) -> str:
        """A condition as a clause, to stand after 'when'."""
        tr = self.tr
        if isinstance(condition, Threshold | Change):
            return tr("{readings} {what}", readings=self._readings(condition.held_weeks), what=self._reading(condition))
        if isinstance(condition, RuleState) and condition.held_weeks > 1:
            weeks = self.weeks(condition.held_weeks)
            return tr(_STOOD[condition.state], rule=self.rule_name(condition.rule), weeks=weeks)
        text = self._unheld(condition)
        if condition.held_weeks > 1:
            return tr("for {weeks} in a row {clause}", weeks=self.weeks(condition.held_weeks), clause=text)
        return text

    def _unheld(self, condition: Condition) -> str:
        tr = self.tr
        if isinstance(condition, InPeriod):
            return self._period(condition)
        if isinstance(condition, LeaderChange):
            return tr(_TOOK_OFFICE[condition.country], weeks=self.weeks(condition.within_weeks))
        if isinstance(condition, RuleState):
            state = {"threatened": "the rule {rule} stands announced", "in force": "the rule {rule} is in force",
                     "ended": "the rule {rule} has run its course"}[condition.state]  # fmt: skip
            return tr(state, rule=self.rule_name(condition.rule))
        if isinstance(condition, Not):
            part = condition.part
            if isinstance(part, LeaderChange) and part.held_weeks <= 1:
                return tr(_NONE_TOOK_OFFICE[part.country], weeks=self.weeks(part.within_weeks))
            return tr("it is not the case that {clause}", clause=self.condition(condition.part))
        if isinstance(condition, AllOf | AnyOf):
            if isinstance(condition, AnyOf) and len(condition.parts) > 1:
                inner = [self._together(part) for part in condition.parts]
                return tr("either {clause}", clause=inner[0]) + "".join(
                    tr(", or {clause}", clause=one) for one in inner[1:]
                )
            # A choice comes last, where it needs no brackets; of several, all but the last have them.
            parts = sorted(condition.parts, key=lambda part: isinstance(part, AnyOf))
            inner = [self.condition(part) for part in parts]
            inner = [f"({text})" if isinstance(part, AnyOf) else text
                     for part, text in zip(parts[:-1], inner[:-1], strict=True)] + inner[-1:]  # fmt: skip
            return f", {tr('and')} ".join(inner)
        raise TypeError(f"no words for {condition!r}")

    def _together(self, condition: Condition) -> str:
        """One of several alternatives; what must hold together says so."""
        text = self.condition(condition)
        joined = isinstance(condition, AllOf) and len(condition.parts) > 1 and condition.held_weeks <= 1
        return self.tr("together {clause}", clause=text) if joined else text

    def _readings(self, weeks: int) -> str:
        if weeks <= 1:
            return self.tr("the latest weekly reading shows")
        return self.tr("{n} weekly readings in a row show", n=weeks)

    def _reading(self, condition: Threshold | Change) -> str:
        tr, unit = self.tr, self.indicators[condition.indicator].unit
        name = self.indicator(condition.indicator)
        if isinstance(condition, Threshold):
            above = None if condition.above is None else self.amount(condition.above, unit)
            below = None if condition.below is None else self.amount(condition.below, unit)
            if above and below:
                return tr("{name} between {low} and {high}", name=name, low=above, high=below)
            return (
                tr("{name} above {value}", name=name, value=above)
                if above
                else tr("{name} below {value}", name=name, value=below)
            )
        if not condition.relative and unit in ("share", "index", "ratio"):
            amount = tr("{n} points", n=f"{condition.amount * 100:g}")
        else:
            amount = self.amount(condition.amount, "share" if condition.relative else unit)
        text = (
            "{name} up by {amount} or more in {weeks}"
            if condition.sense == "rises"
            else "{name} down by {amount} or more in {weeks}"
        )
        return tr(text, name=name, amount=amount, weeks=self.weeks(condition.over_weeks))

    def _period(self, condition: InPeriod) -> str:
        after = None if condition.after is None else day_words(condition.after, self.lang)
        before = None if condition.before is None else day_words(condition.before, self.lang)
        if after and before:
            return self.tr("the date lies between {after} and {before}", after=after, before=before)
        return self.tr("{after} has come", after=after) if after else self.tr("it is before {before}", before=before)

    # ---- actions

    def actions(self, rule: Rule, *, infinitive: bool = False) -> str:
        """What a rule does, grouped by who does it."""
        parts = []
        for actor in _ACTORS:
            done = [one for one in rule.lever_actions if levers()[one.lever].actor == actor]
            if done:
                parts.append(self._by(actor, "; ".join(self.action(one) for one in done), infinitive))
        parts += [self.step(step, infinitive) for step in rule.programme_steps]
        return "; ".join(parts)

    def _by(self, actor: str, what: str, infinitive: bool) -> str:
        if infinitive:
            return what
        return self.tr({"us": "the United States puts in force: {what}", "mx": "Mexico puts in force: {what}",
                        "both": "the two governments put in force: {what}"}[actor], what=what)  # fmt: skip

    def action(self, action: LeverAction) -> str:
        """One lever with its value, places and phase-in."""
        return self._setting(action.lever, action.to, action.at_words, action.at, action.over_weeks)

    def _setting(self, name: str, value: float, words: Sequence[str], at: Sequence[str], over: int) -> str:
        lever, tr = levers()[name], self.tr
        amount = self.amount(value, lever.unit)
        if name.endswith("_share_added"):  # points beyond today's share, not a share
            amount = tr("{n} points", n=f"{value * 100:g}")
        text = tr("{lever}{places}, {amount}", lever=_inner(lever.name(self.lang)),
                  places=self.places(name, words, at), amount=amount)  # fmt: skip
        extra = []
        if lever.default:
            extra.append(tr("{amount} today", amount=self.amount(lever.default, lever.unit)))
        if over > 1:
            extra.append(tr("reached over {weeks}", weeks=self.weeks(over)))
        return text + (f" ({', '.join(extra)})" if extra else "")

    def step(self, step: ProgrammeStep, infinitive: bool = False) -> str:
        """A programme founded, strengthened or let lapse."""
        name = self.programme(step.programme)
        form = self.tr(_FORMS[step.form]) if step.form else ""
        text = {"found": "the two governments found {name} as {form}",
                "strengthen": "the two governments give {name} the stronger form of {form}",
                "let lapse": "the two governments let {name} lapse"}[step.action]  # fmt: skip
        return self.tr(text, name=name, form=form) if form else self.tr(text, name=name)

    def programme(self, programme_id: str) -> str:
        """The name of a programme."""
        rules = (step for rule in self.strategy.rules for step in rule.programme_steps)
        for step in (*self.strategy.programmes, *rules):
            if step.programme == programme_id and step.title:
                return self.title(step.title)
        from borderlab.evidence.tables.programme import programmes

        row = programmes().get(programme_id)
        if row is None:
            return f"'{programme_id}'"
        return self.title({"en": row.name_en, "es": row.name_es})

    # ---- whole parts

    def constant(self, constant: Constant) -> str:
        """A setting without a rule, as a sentence."""
        what = self._setting(constant.lever, constant.value, constant.at_words, constant.at, constant.over_weeks)
        when = []
        if constant.start is not None:
            when.append(self.tr("from {day}", day=day_words(constant.start, self.lang)))
        if constant.end is not None:
            when.append(self.tr("until {day}", day=day_words(constant.end, self.lang)))
        text = f"{' '.join(when)}: {what}" if when else what
        return _sentence(text + self.essay(constant.from_essay))

    def dated_step(self, step: ProgrammeStep) -> str:
        """A dated programme step, as a sentence."""
        text = (
            self.tr("on {day} {what}", day=day_words(step.on, self.lang), what=self.step(step))
            if step.on
            else self.step(step)
        )
        return _sentence(text + self.essay(step.from_essay))

    def rule(self, rule: Rule) -> str:
        """A rule in a few sentences."""
        parts = [self._opening(rule), *self._ending(rule), *self._limits(rule)]
        return " ".join(_sentence(part) for part in parts)

    def _opening(self, rule: Rule) -> str:
        tr, when = self.tr, self.condition(rule.when)
        if rule.threaten is None:
            return tr("when {when}, {do}", when=when, do=self.actions(rule))
        weeks, threat = self.weeks(rule.threaten.weeks), rule.threaten
        text = (
            "when {when}, the United States announces {how}, {weeks} ahead, that it will put in force: {do}"
            if threat.carry_out
            else "when {when}, the United States warns {how} for {weeks} that it could put in force: {do}. "
            "It does not act on the warning"
        )
        how = tr("in public") if threat.public else tr("in private")
        return tr(text, when=when, how=how, weeks=weeks, do=self.actions(rule, infinitive=True))

    def _ending(self, rule: Rule) -> Iterable[str]:
        tr = self.tr
        if not rule.lever_actions:
            return
        if rule.threaten is not None and rule.threaten.carry_out:
            yield tr("it acts at the end of that time only if the reason for it still stands")
        if rule.until is not None:
            held = tr("the warning is withdrawn") if rule.threaten and not rule.threaten.carry_out else tr("this ends")
            yield tr("{this} once {until}", this=held, until=self.condition(rule.until))
        elif rule.at_most_weeks is None:
            yield tr("no condition ends it")
        lift = rule.lift
        if lift.style == "over":
            yield tr("it is then lifted evenly over {weeks}", weeks=self.weeks(lift.weeks))
        elif lift.style == "steps" and lift.indicator is not None:
            yield self._steps(rule)

    def _steps(self, rule: Rule) -> str:
        lift = rule.lift
        unit = self.indicators[lift.indicator or ""].unit
        per = self.tr("{n} points", n=f"{lift.per * 100:g}") if unit == "share" else self.amount(lift.per, unit)
        per = per.removeprefix("1 ")  # "for every operation a month", as people say it
        text = (
            "as a reward, {step} of the measure is lifted for every {per} of increase in {name} since it began"
            if lift.sense == "rises"
            else "as a reward, {step} of the measure is lifted for every {per} of decrease in {name} since it began"
        )
        said = self.tr(text, step=self.amount(lift.step, "share"), per=per, name=self.indicator(lift.indicator or ""))
        return said + (self.tr(", and is put back if it turns again") if lift.snap_back else "")

    def _limits(self, rule: Rule) -> Iterable[str]:
        tr = self.tr
        low = self.weeks(rule.at_least_weeks) if rule.at_least_weeks and rule.lever_actions else None
        high = self.weeks(rule.at_most_weeks) if rule.at_most_weeks else None
        if low and high:
            yield tr("it stays in force at least {low} and at most {high}", low=low, high=high)
        elif low:
            yield tr("it stays in force at least {low}", low=low)
        elif high:
            yield tr("it stays in force at most {high}", high=high)
        if rule.rest_weeks:
            yield tr("it is not used again for {weeks}", weeks=self.weeks(rule.rest_weeks))
        if rule.at_most_times == 1:
            yield tr("it is used once only")
        elif rule.at_most_times:
            yield tr("it is used at most {n} times", n=rule.at_most_times)

    def lines(self) -> list[str]:
        """The whole strategy, a paragraph a line; headings end with a colon."""
        strategy, tr = self.strategy, self.tr
        out = [strategy.title[self.lang], strategy.gist[self.lang]]
        if strategy.position_of:
            texts = "; ".join(dict.fromkeys(self.text(place) for place in strategy.position_of))
            out.append(tr("Written from: {sources}.", sources=texts))
        if strategy.base:
            out.append(tr("Built on: {bases}.", bases=", ".join(strategy.base)))
        if not (strategy.constants or strategy.rules or strategy.programmes):
            out.append(tr("It sets nothing and has no rules."))
        if strategy.constants:
            out.append(tr("What is set without condition:"))
            out += [f"– {self.constant(one)}" for one in strategy.constants]
        if strategy.programmes:
            out.append(tr("Programmes:"))
            out += [f"– {self.dated_step(step)}" for step in strategy.programmes]
        if strategy.rules:
            out.append(tr("Rules:"))
            for rule in strategy.rules:
                head = (rule.title or {}).get(self.lang, rule.id)
                out.append(f"– {head}. {self.rule(rule)}{self.essay(rule.from_essay)}")
        return out


def plain_words(strategy: Strategy, lang: str = "en", indicators: Mapping[str, Readable] | None = None) -> list[str]:
    """A strategy in plain words: one paragraph or list item per entry."""
    return Teller(strategy, lang, indicators).lines()


def _inner(name: str) -> str:
    """A name as it stands inside a sentence: its first letter small, unless it is a proper name."""
    return name if name.startswith(_PROPER) or name[:2].isupper() else name[:1].lower() + name[1:]


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", ":")) else f"{text}."
