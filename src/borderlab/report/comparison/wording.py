"""Words and figures of the comparison report: values with units, strategies by name, beliefs as sentences."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache, cached_property
from typing import Literal

from borderlab.evidence.tables.indicator import Indicator, indicators
from borderlab.evidence.tables.parameter import Grade, Parameter
from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.explore.answers.beliefs import Belief, restricted_ends
from borderlab.explore.discovery.variables import CATEGORY
from borderlab.explore.results.comparison import Comparison
from borderlab.explore.results.drawn_values import parameter_rows
from borderlab.explore.results.focus import rules
from borderlab.explore.results.stability import FEW
from borderlab.language.numbers import NONE, money, number, percent, signed, three_figures
from borderlab.language.translate import translator

Tr = Callable[..., str]

METRIC_WORDS = {
    "median": "the median",
    "expected": "expected value",
    "regret_p90": "90th-percentile regret",
    "regret_max": "maximum regret",
    "satisficing": "futures that meet the threshold",
}


class Option(SourcedRow):
    """One option of a structural switch as a statement that one can believe."""

    parameter: str
    option: str
    words_en: str
    words_es: str
    grade: Grade
    date: str


class Sentence(SourcedRow):
    """A parameter as a statement: what it means that it is at least, or at most, ``{value}``.

    ``shown`` is "fall" for a logarithm that the model takes away (0.5 is then shown as a fall by 39 %) and "share" for
    a ratio that reads best in per cent.
    """

    parameter: str
    at_least_en: str
    at_least_es: str
    at_most_en: str
    at_most_es: str
    shown: Literal["fall", "share"] | None = None
    grade: Grade
    date: str


_NAMES = ("Mexic", "México", "U.S.", "United States", "EE. UU.", "Estados Unidos", "PAWN")
_PLAIN = ("1", "ratio", "index", "rank", "level", "elasticity")  # units that a figure does not need beside it

_LOGARITHMS = (  # the register says where a number is a logarithm; here it is shown as per cent
    (" (logarithm)", ""),
    (" (logaritmo)", ""),
    (" (log)", ""),
    ("log effect", "effect"),
    ("efecto logarítmico", "efecto"),
)
_EFFECT = {  # how the register words the effect of a lever
    "en": re.compile(r"shift of (?P<what>.+) when '(?P<lever>.+)' goes across its whole range"),
    "es": re.compile(r"cambio en (?P<what>.+) cuando «(?P<lever>.+)» recorre todo su intervalo"),
}


@cache
def _options() -> dict[tuple[str, str], Option]:
    return {(row.parameter, row.option): row for row in table("explore/options", Option)}


@cache
def _sentences() -> dict[str, Sentence]:
    return {row.parameter: row for row in table("explore/sentences", Sentence)}


class Words:
    """Everything the report says about one comparison, in one language."""

    def __init__(self, comparison: Comparison, lang: str) -> None:
        self.comparison = comparison
        self.lang = lang
        self.tr: Tr = translator("comparison", lang)

    @cached_property
    def names(self) -> dict[str, str]:
        """Strategy id -> title."""
        return {one.id: one.title.get(self.lang) or one.title["en"] for one in self.comparison.strategies}

    def gist(self, place: int) -> str:
        """A strategy in a sentence."""
        gist = self.comparison.strategies[place].gist
        return gist.get(self.lang) or gist.get("en", "")

    def measure(self, id_: str) -> str:
        """The name of a measure."""
        return indicators()[id_].name(self.lang)

    def unit(self, unit: str) -> str:
        """A unit in words."""
        return self.tr(unit)

    def value(self, indicator: Indicator, value: float | None) -> str:
        """A figure of a measure as a reader sees it, with its unit only where that is a sign (%, $)."""
        if value is None or not math.isfinite(value):
            return NONE
        if indicator.unit in ("share", "percent of GDP"):
            return percent(value if indicator.unit == "share" else value / 100, 2 if indicator.unit != "share" else 0)
        if indicator.unit.startswith("USD"):
            return money(value, self.lang)
        return figure(value)

    def gap(self, indicator: Indicator, value: float) -> str:
        """A change of a measure, with its sign; a change of a share is in points, which per cent would leave open."""
        if indicator.unit in ("share", "percent of GDP"):
            points = value * (100 if indicator.unit == "share" else 1)
            return self.tr("{points} points", points=signed(points, 1 if abs(points) < 10 else 0))
        if indicator.unit.startswith("USD"):
            shown = money(value, self.lang)
            return f"+{shown}" if round(value) > 0 else shown
        if abs(value) >= 100:
            return signed(three_figures(value))
        return signed(value, 3 if 0 < abs(value) < 0.1 else digits_for(value))

    def money(self, usd: float) -> str:
        """An amount of dollars."""
        return money(usd, self.lang)

    def shown_unit(self, indicator: Indicator) -> str:
        """The unit beside a name: what a figure does not carry itself."""
        if indicator.unit == "share":
            return self.tr("per cent")
        if indicator.unit == "USD/month":
            return self.tr("dollars a month")
        return self.unit(indicator.unit)

    def chart_unit(self, indicator: Indicator) -> tuple[float, str]:
        """(factor, unit) in which charts draw a measure: shares in per cent, dollars in millions."""
        if indicator.unit == "share":
            return 100.0, self.tr("per cent")
        if indicator.unit == "USD/month":
            return 1e-6, self.tr("million dollars a month")
        return 1.0, self.shown_unit(indicator)

    def band(self, indicator: Indicator, low: float, high: float) -> str:
        """A 5–95 % band."""
        return self.tr("{low} to {high}", low=self.value(indicator, low), high=self.value(indicator, high))

    @property
    def tie(self) -> str:
        """The largest difference that counts as a tie, as a share of the spread over futures."""
        return percent(rules()["beats.margin"])

    @staticmethod
    def short(value: float) -> float:
        """Five figures are enough for a chart and keep the page small."""
        return float(f"{value:.5g}")

    def rival(self, id_: str) -> str:
        """A strategy as it stands inside a sentence, after "better than"."""
        if id_ == "all":
            return self.tr("all the others")
        return self.tr("the status quo") if id_ == self.comparison.ids[0] else self.names[id_]

    def together(self, names: list[str]) -> str:
        """A list in words."""
        if len(names) < 2:
            return "".join(names)
        return self.tr("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])

    # Beliefs

    def parameter_value(self, row: Parameter, value: float, sign: bool = False) -> str:
        """A value of a parameter with its unit, in the form people say it."""
        if row.unit == "GDP-month":
            return self.tr("{value} of a month's GDP", value=percent(value, 1))
        special = _sentences()[row.id].shown if row.id in _sentences() else None
        if row.unit in ("share", "effort") or special == "share":
            return percent(value, 0 if abs(value) >= 0.1 or value == 0 else 1)
        if row.unit == "percent":
            return percent(value / 100, 2)
        if row.unit == "share/month":
            return self.tr("{value} a month", value=percent(value, 0 if value >= 0.1 else 1))
        if row.unit == "log":
            return percent(1 - math.exp(-value), 0) if special == "fall" else percent(math.exp(value) - 1, 0, sign=True)
        if row.unit == "log/year":
            return self.tr("{value} a year", value=percent(math.exp(value) - 1, 0, sign=True))
        if row.unit == "million USD/year":
            return self.tr("{value} a year", value=money(value * 1e6, self.lang))
        text = signed(value, digits_for(value)) if sign else figure(value)
        return text if row.unit in _PLAIN else f"{text} {self.unit(row.unit)}"

    def meaning(self, row: Parameter) -> str:
        """What a parameter means, without the word logarithm: its values are shown as per cent.

        The many parameters that say what a lever does are told as the effect of the lever on something.
        """
        text = self._plain(row)
        effect = _EFFECT[self.lang].match(text)
        if effect:
            return self.tr("effect of “{lever}” on {what}", lever=effect["lever"], what=effect["what"])
        return text

    def subject(self, row: Parameter) -> str:
        """The same as the subject of a sentence."""
        text = self._plain(row)
        effect = _EFFECT[self.lang].match(text)
        if effect:
            return self.tr("the effect of “{lever}” on {what}", lever=effect["lever"], what=effect["what"])
        return f"«{text}»" if self.lang == "es" else f"“{text}”"

    def _plain(self, row: Parameter) -> str:
        text = row.meaning_es if self.lang == "es" else row.meaning_en
        for word, plain in _LOGARITHMS:
            text = text.replace(word, plain)
        return text

    def few(self) -> str:
        """A warning where the plausible futures are few, else nothing."""
        count = len(self.comparison.index)
        if count >= FEW:
            return ""
        return self.tr(
            "Only {count} futures are plausible: every figure is rough. Draw more with --futures.", count=count
        )

    def sentence(self, belief: Belief, name: str) -> str:
        """One belief of a box as a plain statement."""
        out, text = self._statement(belief, name)
        return self.tr("This is ruled out: {words}", words=text) if out else self.capital(text)

    def clause(self, belief: Belief, name: str) -> str:
        """One belief of a box with its grade, as it follows "if one"."""
        out, text = self._statement(belief, name)
        grade = self.tr(parameter_rows()[name].grade)
        if out:
            return self.tr("rules out that {words} ({grade})", words=self.inside(text), grade=grade)
        return self.tr("believes that {words} ({grade})", words=self.inside(text), grade=grade)

    def _statement(self, belief: Belief, name: str) -> tuple[bool, str]:
        """(is it ruled out?, the statement)."""
        row = parameter_rows()[name]
        variables = self.comparison.variables
        if variables.kinds[variables.names.index(name)] == CATEGORY:
            allowed = belief.box.limits[name]
            left_out = [option for option in row.options() if option not in allowed]
            if len(left_out) == 1 < len(allowed):
                return True, self._option(name, left_out[0])
            return False, self.tr(" or ").join(self._option(name, option) for option in allowed)
        low, high = restricted_ends(belief.box, name, variables)
        if low is not None and high is None:
            return False, self._at(row, "at_least", low)
        if high is not None and low is None:
            return False, self._at(row, "at_most", high)
        low, high = self.parameter_value(row, low), self.parameter_value(row, high)
        return False, self.tr("{meaning} is between {low} and {high}", meaning=self.subject(row), low=low, high=high)

    def looked_at(self, name: str) -> str:
        """The range or the options that were drawn."""
        row = parameter_rows()[name]
        if row.distribution == "choice":
            return self.tr("{count} possibilities", count=len(row.options()))
        low, high = row.low or 0.0, row.high or 0.0
        return self.tr("{low} to {high}", low=self.parameter_value(row, low), high=self.parameter_value(row, high))

    def _at(self, row: Parameter, side: str, value: float) -> str:
        shown = self.parameter_value(row, value)
        if row.id in _sentences():
            return str(getattr(_sentences()[row.id], f"{side}_{self.lang}")).format(value=shown)
        pattern = "{meaning} is at least {value}" if side == "at_least" else "{meaning} is at most {value}"
        return self.tr(pattern, meaning=self.subject(row), value=shown)

    def _option(self, parameter: str, option: str) -> str:
        row = _options().get((parameter, option))
        if row is None:
            return f"{self.meaning(parameter_rows()[parameter])}: {option}"
        return row.words_es if self.lang == "es" else row.words_en

    @staticmethod
    def inside(text: str) -> str:
        """The text as it stands inside a sentence: a small first letter, unless it begins a name."""
        return text if text.startswith(_NAMES) else text[:1].lower() + text[1:]

    @staticmethod
    def capital(text: str) -> str:
        """The text with a capital first letter."""
        return text[:1].upper() + text[1:]


def figure(value: float) -> str:
    """A number in about three figures: more would feign precision.

    >>> figure(4804489), figure(127.77), figure(17.42), figure(0.05)
    ('4,800,000', '128', '17.4', '0.05')
    """
    return number(three_figures(value)) if abs(value) >= 100 else number(value, digits_for(value))


def chart_format(largest: float) -> str:
    """The d3 format of an axis whose largest value is ``largest``; M, for millions, reads alike in both languages."""
    if largest >= 1_000_000:
        return "~s"
    return ",.0f" if largest >= 20 else ".2~f"


def digits_for(value: float) -> int:
    """Decimals that leave about three figures."""
    size = abs(value)
    if size == 0 or size >= 100:
        return 0
    return 1 if size >= 10 else 2
