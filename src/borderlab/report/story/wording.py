"""Numbers with their units and names, as a reader of either language expects them."""

from __future__ import annotations

from borderlab.evidence.tables.indicator import indicators
from borderlab.language.amounts import amount_words
from borderlab.language.translate import translator

MILLION = 1e6
PERCENTAGES = ("share", "index", "ratio")


def amount(value: float, unit: str, lang: str) -> str:
    """A value with its unit as a sentence prints it, no finer than a reader of results needs.

    >>> amount(0.2531, "share", "en"), amount(2.4e9, "USD/month", "en"), amount(23412.3, "people/month", "es")
    ('25 %', '$2.4 billion a month', '23,400 personas al mes')
    >>> amount(2.7512, "operations/month", "en"), amount(0.437, "index", "es")
    ('2.8 operations a month', '44 %')
    """
    if value != value:
        return translator("model", lang)("not known")
    if unit in PERCENTAGES:
        return amount_words(round(value, 2), unit, lang)
    size = abs(value)
    if size >= 1000:
        return amount_words(float(f"{value:.3g}"), unit, lang)
    return amount_words(round(value, 0 if size >= 10 else 1), unit, lang)


def scaled(largest: float, unit: str, lang: str) -> tuple[float, str]:
    """What to divide figures of a table by, and the unit to head them with.

    >>> scaled(2.4e9, "USD/month", "en")
    (1000000.0, 'million USD/month')
    >>> scaled(0.5, "share", "en")
    (0.01, '%')
    """
    if unit == "share":
        return 0.01, "%"
    word = translator("model", lang)(unit)
    if unit.startswith("USD") and largest >= MILLION:
        return MILLION, f"millones de {word}" if lang == "es" else f"million {word}"
    return 1.0, word


def plain(value: float) -> str:
    """A figure of a table, three digits long at most before the decimals matter."""
    return "–" if value != value else _rounded(value)


def _rounded(value: float) -> str:
    size = abs(value)
    if size >= 1000:
        step = 10 ** (len(str(int(size))) - 3)
        return f"{round(value / step) * step:,.0f}"
    if size >= 100:
        return f"{value:.0f}"
    if size >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}"


def indicator_words(id_: str, value: float, lang: str) -> str:
    """An indicator with its value: ``Encounters between ports: 23,400 people a month``."""
    row = indicators()[id_]
    return f"{row.name(lang)}: {amount(value, row.unit, lang)}"
