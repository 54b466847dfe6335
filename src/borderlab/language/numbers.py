"""Numbers and money as a reader sees them, in English and in Mexican Spanish (1,234.5 in both)."""

from __future__ import annotations

import math

NONE = "–"
MINUS = "−"


def _minus(text: str) -> str:
    return text.replace("-", MINUS)


def number(value: float | None, digits: int = 0) -> str:
    """A number with thousands separators; a dash where there is none.

    >>> number(1234567.8), number(None), number(-0.2), number(-1234.5, 1)
    ('1,234,568', '–', '0', '−1,234.5')
    """
    if value is None or not math.isfinite(value):
        return NONE
    text = f"{value:,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("-")
    return _minus(text)


def signed(value: float | None, digits: int = 0) -> str:
    """A change, with its sign; no sign where it rounds to zero.

    >>> signed(1234), signed(-3.25, 1), signed(0.01)
    ('+1,234', '−3.2', '0')
    """
    text = number(value, digits)
    if text == NONE or text.startswith(MINUS) or value is None:
        return text
    return text if float(text.replace(",", "")) == 0 else f"+{text}"


def three_figures(value: float) -> float:
    """A number with three significant figures: more would feign precision.

    >>> three_figures(298345), three_figures(42.6), three_figures(0)
    (298000, 43, 0.0)
    """
    if not value or not math.isfinite(value):
        return 0.0
    step = 10 ** max(math.floor(math.log10(abs(value))) - 2, 0)
    return round(value / step) * step


def percent(share: float | None, digits: int = 0, sign: bool = False) -> str:
    """A share as per cent, with a no-break space; ``sign`` shows + on gains.

    >>> percent(-0.178, sign=True) == "−18\u00a0%"
    True
    """
    value = None if share is None else share * 100
    text = signed(value, digits) if sign else number(value, digits)
    return text if text == NONE else f"{text}\u00a0%"


def minutes(value: float | None) -> str:
    """A wait in the form people say it; the same in both languages.

    >>> minutes(14.4), minutes(80), minutes(300), minutes(0.3)
    ('14 min', '1 h 20 min', '5 h', '0 min')
    """
    if value is None or not math.isfinite(value):
        return NONE
    whole = round(value)
    if abs(whole) < 60:
        return f"{_minus(str(whole))}\u00a0min".replace("\u00a0", " ")
    hours, rest = divmod(abs(whole), 60)
    text = f"{hours:,} h {rest} min" if rest and hours < 10 else f"{round(abs(whole) / 60):,} h"
    return (MINUS if whole < 0 else "") + text


def money(usd: float | None, lang: str) -> str:
    """United States dollars in three figures and a word.

    >>> money(1234567, "en"), money(1.7e9, "es"), money(950, "en"), money(26400, "en")
    ('$1.2 million', '1,700 millones de dólares', '$950', '$26,000')
    """
    if value_missing(usd):
        return NONE
    assert usd is not None
    lead, size = (MINUS if usd < 0 and round(usd) else ""), abs(usd)
    if lang == "es":
        if size >= 999_500:
            return f"{lead}{_three(size / 1e6)} millones de dólares"
        return f"{lead}{_two(size)} dólares"
    for scale, word in ((1e9, "billion"), (1e6, "million")):
        if size >= scale * 0.9995:
            return f"{lead}${_three(size / scale)} {word}"
    return f"{lead}${_two(size)}"


def value_missing(value: float | None) -> bool:
    """True for None, NaN and infinities."""
    return value is None or not math.isfinite(value)


def _three(value: float) -> str:
    return f"{value:,.1f}" if value < 99.95 else f"{three_figures(value):,.0f}"


def _two(value: float) -> str:
    """Two significant figures above a thousand, whole numbers below."""
    if value < 1000:
        return f"{value:,.0f}"
    step = 10 ** (math.floor(math.log10(value)) - 1)
    return f"{round(value / step) * step:,.0f}"
