"""``python -m borderlab.model.history.warm``: compile the courses of today and of the past, where that is still to be
done.

What is compiled is kept in the user's cache, so that the first run of a strategy need not wait for it.
"""

from __future__ import annotations

from borderlab.model.futures.futures import default_futures
from borderlab.model.history.episodes import trace
from borderlab.model.run.run import run


def warm() -> None:
    """Run one future for a few weeks, and through one episode."""
    one = default_futures(1)
    run(None, one, years=0.1)
    trace("2022", one)


if __name__ == "__main__":
    warm()
