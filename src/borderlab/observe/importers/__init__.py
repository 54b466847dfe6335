"""One importer per public data set: raw text rows in, checked rows out."""

from __future__ import annotations

from collections.abc import Callable

from borderlab.observe.reading.staging import Desk

# A checked row: line, reason (NULL = kept), fixes (';'-joined, '' = none), period, the key columns, value, extras.
Importer = Callable[[Desk], None]


def read_months(desk: Desk) -> str:
    """Make the table ``m_date`` of a column of months, with a column of years beside it or not; the join clause.

    Notes where the column settles how it is read (days first, last days of months).
    """
    from borderlab.observe.reading.dates import calendar_month, month_reader, only_years
    from borderlab.observe.reading.rawfile import fault

    if only_years(text for (text,) in desk.distinct("date")) and "year" not in desk.columns:
        cause = "holds figures by year: its dates are years, not months."
        raise fault(desk.name, cause, "Monthly figures are needed; a year's total is not spread over its months.")
    read = month_reader(text for (text,) in desk.distinct("date"))
    if read.day_first:
        desk.note("note", "the dates have the day before the month; they were read so.")
    if read.last_day:
        desk.note("note", "the dates are the last days of their months; they were read as those months.")
    sources = ("date", "year")
    desk.translate("date", sources, lambda date, year: calendar_month(year, date) or read(date), "DATE")
    return desk.join("date", *sources)


def importer(dataset: str) -> Importer:
    """The importer of a data set: it makes the table ``checked`` from ``raw``."""
    from borderlab.observe.importers import bts, encounters, sectors, seizures, sesnsp, texas, transborder, waits

    return {
        "bts-crossings": bts.check,
        "cbp-encounters": encounters.check,
        "cbp-drugs": seizures.check,
        "bts-transborder": transborder.check,
        "cbp-waits": waits.check,
        "sesnsp-crimes": sesnsp.check,
        "usbp-sectors": sectors.check,
        "cbp-texas-bridges": texas.check,
    }[dataset]
