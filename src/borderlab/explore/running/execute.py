"""Running the missing chunks of a store: in this process, in worker processes, or on a Dask cluster.

Wherever a chunk runs, only this process writes to the folder, so a worker that dies can corrupt nothing.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

import numpy as np

from borderlab.base.machine import processors
from borderlab.base.problems import InputError, Problem
from borderlab.base.progress import progress, remark
from borderlab.explore.running.plan import Plan
from borderlab.explore.running.scheduler import Scheduler
from borderlab.explore.running.store import Store
from borderlab.explore.running.workers import worker_of

_RESTARTS = 2


def default_workers(plan: Plan) -> int:
    """As many processes as there are processors, at most four, and one for a run that is soon over."""
    return 1 if plan.futures < 1000 else min(processors(), 4, plan.chunks)


def run_missing(
    store: Store, *, workers: int | None = None, scheduler: Scheduler | str | None = None, label: str = "compare"
) -> None:
    """Run every chunk that is not there yet and keep each as soon as it is done.

    Args:
        workers: number of processes; 1 runs in this one. scheduler: a Dask scheduler, or its address on this machine,
            used instead.

    Raises:
        InputError: the disk is full, workers keep dying, or the scheduler cannot be used. What is done stays done.
        KeyboardInterrupt: likewise.
    """
    with store.locked():
        missing = store.missing
        if not missing:
            return
        if isinstance(scheduler, str):
            scheduler = Scheduler.at(scheduler)
        count = workers or default_workers(store.plan)
        with progress(label, store.plan.chunks) as advance:
            advance(store.plan.chunks - len(missing))
            try:
                for number, arrays in _results(store.plan, missing, count, scheduler):
                    store.put(number, arrays)
                    advance(1)
            except BaseException:
                if store.done:
                    remark(
                        f"{len(store.done)} of {store.plan.chunks} chunks are kept. "
                        f"Go on with: borderlab compare --resume {store.folder}"
                    )
                raise


def _results(
    plan: Plan, missing: list[int], workers: int, scheduler: Scheduler | None
) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    if scheduler is not None:
        from borderlab.explore.running.cluster import cluster_results

        yield from cluster_results(plan, missing, scheduler)
    elif workers == 1:
        for number in missing:
            yield number, worker_of(plan.worker).run(*plan.work(number)[1:])
    else:
        yield from _pool_results(plan, missing, workers)


def _pool_results(plan: Plan, missing: list[int], workers: int) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    left = list(missing)
    for attempt in range(_RESTARTS + 1):
        try:
            for number, arrays in _one_pool(plan, left, workers):
                yield number, arrays
                left.remove(number)
            return
        except BrokenProcessPool:
            if attempt == _RESTARTS:
                break
            workers = max(workers - 1, 1)
            remark(f"A worker process died; going on with {workers}.")
    raise InputError(
        Problem(
            "worker processes died three times, perhaps because memory ran out.",
            cure="Go on with --workers 1.",
        )
    )


def _one_pool(plan: Plan, numbers: list[int], workers: int) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    import multiprocessing

    pool = ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=_start_worker, initargs=(os.getpid(),)
    )
    run = worker_of(plan.worker).run
    waiting = list(reversed(numbers))
    running: dict[Future[dict[str, np.ndarray]], int] = {}
    try:
        while waiting or running:
            while waiting and len(running) < 2 * workers:  # so that finished chunks do not pile up in memory
                number = waiting.pop()
                running[pool.submit(run, *plan.work(number)[1:])] = number
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                number = running.pop(future)
                yield number, future.result()
    except BaseException:
        for process in list(getattr(pool, "_processes", None) or {}):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, 9)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start_worker(parent: int) -> None:
    """Leave Ctrl-C to the parent, and go when the parent is gone."""
    import signal
    import threading
    import time

    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
