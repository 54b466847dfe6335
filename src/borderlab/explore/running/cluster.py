"""Chunks on a Dask cluster (extra ``cluster``). Any machine with the same version of borderlab can be a worker."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from borderlab.base.identity import code_hash
from borderlab.base.problems import InputError, Problem
from borderlab.explore.running.plan import Plan
from borderlab.explore.running.scheduler import Scheduler
from borderlab.explore.running.workers import Run, worker_of

_CONNECT_SECONDS = 10
_COUNT_SECONDS = 0.5
_LEAVE_SECONDS = 2
_ALONE_SECONDS = 60


def run_remote(code: str, run: Run, inputs: Mapping[str, Any], first: int, count: int) -> dict[str, np.ndarray] | str:
    """Run a chunk on a worker; if the worker has other code, give that code's hash instead of a result."""
    if code_hash() != code:
        return code_hash()
    return run(inputs, first, count)


def cluster_results(
    plan: Plan, missing: list[int], scheduler: Scheduler
) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    """Results of chunks as they come. A worker that dies has its chunks run by another.

    Raises:
        InputError: Dask is not installed, the scheduler does not answer or is lost, its workers have another version
            or fail, or there has been no worker for a minute.
    """
    run = worker_of(plan.worker).run
    with _quiet(), _connected(scheduler) as client:
        waiting = list(reversed(missing))
        running: dict[Any, int] = {}
        threads, counted = 0, float("-inf")
        alone_since = time.monotonic()
        while waiting or running:
            now = time.monotonic()
            if now - counted > _COUNT_SECONDS:
                threads, counted = _threads(client, scheduler), now
            if threads:
                alone_since = now
            elif now - alone_since > _ALONE_SECONDS:
                raise InputError(
                    Problem(
                        f"the scheduler at {scheduler.address} has had no worker for a minute.",
                        cure="Start workers with: dask worker " + scheduler.address,
                    )
                )
            while waiting and len(running) < max(2 * threads, 2):
                number = waiting.pop()
                with _lost_in_words(scheduler):
                    future = client.submit(run_remote, code_hash(), run, *plan.work(number)[1:], pure=False, retries=2)
                running[future] = number
            # A result that was lost with its worker is made again by another: it is not done.
            finished = [future for future in running if future.done() and future.status != "lost"]
            for future in finished:
                number = running.pop(future)
                yield number, _result(future, scheduler)
                future.release()
            if not finished:
                time.sleep(0.02)


@contextmanager
def _connected(scheduler: Scheduler) -> Iterator[Any]:
    try:
        from distributed import Client, Security
    except ModuleNotFoundError:
        raise InputError(
            Problem("a cluster needs Dask.", cure="Install it with: pip install 'borderlab[cluster]'.")
        ) from None
    scheduler.check_there()
    security = None
    if scheduler.files is not None:
        authority, certificate, key = map(str, scheduler.files)
        security = Security(
            tls_ca_file=authority, tls_client_cert=certificate, tls_client_key=key, require_encryption=True
        )
    client = _in_time(
        lambda: Client(scheduler.address, timeout=_CONNECT_SECONDS, set_as_default=False, security=security), scheduler
    )
    try:
        yield client
    finally:
        with contextlib.suppress(Exception):  # a scheduler that is gone cannot be taken leave of
            client.close(timeout=_LEAVE_SECONDS)


def _in_time(connect: Callable[[], Any], scheduler: Scheduler) -> Any:
    """What ``connect`` gives, called in a thread of its own: Dask's time limit does not hold for every stranger."""
    found: list[Any] = []

    def call() -> None:
        try:
            found.append(connect())
        except BaseException as error:  # Dask raises many kinds, and a stranger's answer any
            found.append(error)

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(_CONNECT_SECONDS + _LEAVE_SECONDS)
    if not found:
        raise scheduler.problem("what is there begins to speak and says no more")
    if isinstance(found[0], BaseException):
        raise scheduler.problem(type(found[0]).__name__)
    return found[0]


def _threads(client: Any, scheduler: Scheduler) -> int:
    with _lost_in_words(scheduler):
        if client.status not in ("running", "connecting"):
            raise OSError(client.status)
        found = client.sync(client.scheduler.ncores, workers=None, callback_timeout=_CONNECT_SECONDS)
        return sum(int(count) for count in found.values())


@contextmanager
def _lost_in_words(scheduler: Scheduler) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # as above
        raise _lost(scheduler, type(error).__name__) from None


def _lost(scheduler: Scheduler, why: str) -> InputError:
    return InputError(
        Problem(
            f"the scheduler at {scheduler.address} was lost ({why}).",
            cure="What is done is kept: go on with --resume when it runs again.",
        )
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """What Dask logs of broken connections is said once, in our own words."""
    loggers = [logging.getLogger(name) for name in ("distributed", "tornado", "asyncio")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def _result(future: Any, scheduler: Scheduler) -> dict[str, np.ndarray]:
    """What a worker gave; whether it can be right is looked at where it is kept."""
    from asyncio import CancelledError
    from concurrent.futures import CancelledError as Cancelled

    from distributed import KilledWorker
    from distributed.comm import CommClosedError

    if future.status == "cancelled":
        raise _lost(scheduler, future.status)
    try:
        found = future.result(timeout=_CONNECT_SECONDS)
    except KilledWorker:
        raise InputError(
            Problem(
                f"workers at {scheduler.address} died again and again on the same chunk, perhaps because memory ran "
                "out.",
                cure="Give the workers more memory, or run without --scheduler.",
            )
        ) from None
    except (CancelledError, Cancelled, CommClosedError, TimeoutError) as error:
        raise _lost(scheduler, type(error).__name__) from None
    except Exception as error:
        raise InputError(
            Problem(
                f"a worker at {scheduler.address} failed ({type(error).__name__}: {str(error)[:200]}).",
                cure="See that every worker has what borderlab needs, or run without --scheduler.",
            )
        ) from None
    if isinstance(found, str):
        raise InputError(
            Problem(
                f"a worker at {scheduler.address} has another version of borderlab (code {found[:12]}; here "
                f"{code_hash()[:12]}).",
                cure="Install the same version on every machine.",
            )
        )
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        raise InputError(
            Problem(
                f"a worker at {scheduler.address} gave {type(found).__name__} where arrays by name are needed.",
                cure="Install borderlab anew on every machine.",
            )
        )
    return found
