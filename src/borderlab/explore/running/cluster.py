"""Chunks on a Dask cluster (extra ``cluster``). Any machine with the same version of borderlab can be a worker."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from borderlab.base.identity import code_hash
from borderlab.base.problems import InputError, Problem
from borderlab.explore.running.plan import Plan
from borderlab.explore.running.workers import Run, worker_of

_CONNECT_SECONDS = 10
_ALONE_SECONDS = 60


def run_remote(code: str, run: Run, inputs: Mapping[str, Any], first: int, count: int) -> dict[str, np.ndarray] | str:
    """Run a chunk on a worker; if the worker has other code, give that code's hash instead of a result."""
    if code_hash() != code:
        return code_hash()
    return run(inputs, first, count)


def cluster_results(plan: Plan, missing: list[int], scheduler: str) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    """Results of chunks as they come. A worker that dies has its chunks run by another.

    Raises:
        InputError: Dask is not installed, the scheduler does not answer, its workers have another version, or there
            has been no worker for a minute.
    """
    run = worker_of(plan.worker).run
    client = _connect(scheduler)
    waiting = list(reversed(missing))
    running: dict[Any, int] = {}
    alone_since = time.monotonic()
    try:
        while waiting or running:
            threads = sum(client.nthreads().values())
            if threads:
                alone_since = time.monotonic()
            elif time.monotonic() - alone_since > _ALONE_SECONDS:
                raise InputError(
                    Problem(
                        f"the scheduler at {scheduler} has had no worker for a minute.",
                        cure="Start workers with: dask worker " + scheduler,
                    )
                )
            while waiting and len(running) < max(2 * threads, 2):
                number = waiting.pop()
                future = client.submit(run_remote, code_hash(), run, *plan.work(number)[1:], pure=False, retries=2)
                running[future] = number
            finished = [future for future in running if future.done()]
            for future in finished:
                number = running.pop(future)
                yield number, _result(future, scheduler)
                future.release()
            if not finished:
                time.sleep(0.02)
    finally:
        for future in running:
            future.cancel()
        client.close()


def _connect(scheduler: str) -> Any:
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise InputError(
            Problem("a cluster needs Dask.", cure="Install it with: pip install 'borderlab[cluster]'.")
        ) from None
    try:
        return Client(scheduler, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(
            Problem(
                f"no Dask scheduler answers at '{scheduler}' ({type(error).__name__}).",
                cure="Give an address like tcp://host:8786, and see that the scheduler runs.",
            )
        ) from None


def _result(future: Any, scheduler: str) -> dict[str, np.ndarray]:
    from distributed import KilledWorker

    try:
        found = future.result()
    except KilledWorker:
        raise InputError(
            Problem(
                f"workers at {scheduler} died again and again on the same chunk, perhaps because memory ran out.",
                cure="Give the workers more memory, or run without --scheduler.",
            )
        ) from None
    if isinstance(found, str):
        raise InputError(
            Problem(
                f"a worker at {scheduler} has another version of borderlab (code {found[:12]}; here "
                f"{code_hash()[:12]}).",
                cure="Install the same version on every machine.",
            )
        )
    return found
