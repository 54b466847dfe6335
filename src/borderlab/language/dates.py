"""Dates as a reader sees them, in English and in Spanish."""

from __future__ import annotations

from datetime import date as Date

MONTHS = {
    "en": (
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    ),
    "es": (
        [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
    ),
}
"""Names of the months by language: in full, and short."""


def date(day: Date, lang: str, short: bool = False) -> str:
    """A date in words.

    >>> date(Date(2022, 4, 8), "en"), date(Date(2022, 4, 8), "es"), date(Date(2022, 4, 8), "es", short=True)
    ('8 April 2022', '8 de abril de 2022', '8 abr')
    """
    long_names, short_names = MONTHS[lang]
    if short:
        return f"{day.day} {short_names[day.month - 1]}"
    name = long_names[day.month - 1]
    return f"{day.day} {name} {day.year}" if lang == "en" else f"{day.day} de {name} de {day.year}"


def month(day: Date, lang: str) -> str:
    """A calendar month in words.

    >>> month(Date(2022, 4, 8), "es")
    'abril de 2022'
    """
    name = MONTHS[lang][0][day.month - 1]
    return f"{name} {day.year}" if lang == "en" else f"{name} de {day.year}"


def period(first: Date, last: Date, lang: str) -> str:
    """A stretch of days in words, both ends counted.

    >>> period(Date(2022, 4, 8), Date(2022, 4, 15), "en"), period(Date(2022, 4, 8), Date(2022, 4, 15), "es")
    ('8–15 April 2022', 'del 8 al 15 de abril de 2022')
    >>> period(Date(2019, 3, 27), Date(2019, 5, 15), "es"), period(Date(2019, 3, 27), Date(2019, 5, 15), "en")
    ('del 27 de marzo al 15 de mayo de 2019', '27 March to 15 May 2019')
    """
    if first == last:
        return date(first, lang)
    start, end = date(first, lang), date(last, lang)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}" if lang == "en" else f"del {first.day} al {end}"
    if first.year == last.year:
        start = start.removesuffix(f" {first.year}").removesuffix(" de")
    return f"{start} to {end}" if lang == "en" else f"del {start} al {end}"
