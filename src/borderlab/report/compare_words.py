"""Words and figures of the comparison report: values with units, strategies by name, beliefs as sentences."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache, cached_property
from typing import Literal

from borderlab.base.words import translator
from borderlab.evidence.indicator import Indicator, indicators
from borderlab.evidence.parameter import Grade, Parameter
from borderlab.evidence.table import SourcedRow, table
from borderlab.explore.beliefs import Belief, restricted_ends
from borderlab.explore.candidates import parameter_rows
from borderlab.explore.comparison import Comparison
from borderlab.explore.stability import FEW
from borderlab.explore.variables import CATEGORY
from borderlab.report.numbers import NONE, money, number, percent, signed

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
        self.tr: Tr = translator("compare", lang)

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
        return number(value, digits_for(value))

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

    def arrow(self, indicator: Indicator, value: float, base: float, spread: float) -> str:
        """▲ better, ▼ worse than the status quo, = where the difference is below a hundredth of the spread."""
        gap = (value - base) * (1 if indicator.direction == "up" else -1)
        if abs(gap) <= 0.01 * spread:
            return "="
        return "▲" if gap > 0 else "▼"

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
        text = (signed if sign else number)(value, digits_for(value))
        return text if row.unit in _PLAIN else f"{text} {self.unit(row.unit)}"

    def meaning(self, row: Parameter) -> str:
        """What a parameter means, without the word logarithm: its values are shown as per cent.

        The many parameters that say what a lever does are told as the effect of the lever on something.
        """
        text = row.meaning_es if self.lang == "es" else row.meaning_en
        for word in (" (logarithm)", " (logaritmo)", " (log)"):
            text = text.replace(word, "")
        effect = _EFFECT[self.lang].match(text)
        if effect:
            return self.tr("effect of “{lever}” on {what}", lever=effect["lever"], what=effect["what"])
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
        row = parameter_rows()[name]
        variables = self.comparison.variables
        if variables.kinds[variables.names.index(name)] == CATEGORY:
            allowed = belief.box.limits[name]
            left_out = [option for option in row.options() if option not in allowed]
            if len(left_out) == 1 < len(allowed):
                return self.tr("This is ruled out: {words}", words=self._option(name, left_out[0]))
            return self.capital(self.tr(" or ").join(self._option(name, option) for option in allowed))
        low, high = restricted_ends(belief.box, name, variables)
        parts = []
        if low is not None and high is None:
            parts.append(self._at(row, "at_least", low))
        elif high is not None and low is None:
            parts.append(self._at(row, "at_most", high))
        else:
            low, high = self.parameter_value(row, low), self.parameter_value(row, high)
            parts.append(self.tr("{meaning}: between {low} and {high}", meaning=self.meaning(row), low=low, high=high))
        return self.capital(parts[0])

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
        pattern = "{meaning}: at least {value}" if side == "at_least" else "{meaning}: at most {value}"
        return self.tr(pattern, meaning=self.meaning(row), value=shown)

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


def chart_format(largest: float) -> str:
    """The d3 format of an axis whose largest value is ``largest``."""
    if largest >= 100_000:
        return "~s"
    return ",.0f" if largest >= 20 else ".2~f"


def digits_for(value: float) -> int:
    """Decimals that leave about three figures."""
    size = abs(value)
    if size == 0 or size >= 100:
        return 0
    return 1 if size >= 10 else 2
