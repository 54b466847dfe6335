"""One importer per public data set: raw text rows in, checked rows out."""

from __future__ import annotations

from collections.abc import Callable

from borderlab.observe.reading.staging import Desk

# A checked row: line, reason (NULL = kept), fixes (';'-joined, '' = none), period, the key columns, value, extras.
Importer = Callable[[Desk], None]


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
