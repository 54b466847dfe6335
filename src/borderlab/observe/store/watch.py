"""The live feed of wait times, asked again and again and kept."""

from __future__ import annotations

import time
from collections.abc import Callable

from borderlab.base.problems import InputError
from borderlab.observe.reading.report import ImportReport
from borderlab.observe.store.fetch import fetch
from borderlab.observe.store.store import Store

LEAST_MINUTES = 1.0
MOST_FAILURES = 12
COMPACT_AFTER = 96  # polls, a day at a quarter of an hour: small files are then made one


def watch(
    tell: Callable[[ImportReport | InputError], None],
    *,
    every_min: float = 15.0,
    polls: int | None = None,
    from_url: str | None = None,
    store: Store | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Ask the feed every ``every_min`` minutes and append what it says to the store; returns the polls that worked.

    ``polls`` None goes on until stopped. A poll that fails is told and tried again at the next turn; after twelve
    failures in a row, or if the only poll asked for fails, the error is raised.

    Raises:
        InputError: the feed cannot be had, or the interval is shorter than a minute.
    """
    if every_min < LEAST_MINUTES:
        raise InputError("the feed is renewed every 15 minutes or so; asking more than once a minute is not fair use.")
    store = store or Store()
    done = good = failures = 0
    while polls is None or done < polls:
        if done:
            sleep(every_min * 60)
        done += 1
        try:
            tell(fetch("cbp-waits", from_url=from_url, store=store)[0])
            good, failures = good + 1, 0
            if good % COMPACT_AFTER == 0:
                store.compact("cbp-waits")
        except InputError as error:
            failures += 1
            if polls == 1 or failures >= MOST_FAILURES:
                raise
            tell(error)
    return good
