"""A course over futures: blocks of them, shared out over threads, that can be followed and stopped."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from borderlab.model.core.beginning import Beginning, Values, columns, rows
from borderlab.model.core.module import Rows
from borderlab.model.core.random import Keys
from borderlab.model.core.rates import Array
from borderlab.model.core.source import Layout, signature

BLOCK = 64
"""Futures that a thread takes at a time: enough that calling costs nothing, few enough that a stop is quick."""


@dataclass(frozen=True)
class Prepared:
    """What a course needs besides its span of futures, made once for all blocks.

    Attributes:
        layout: of the world.
        function: the compiled (or plain) course.
        n: how many futures. weeks: how many.
        given: arguments that all blocks share, by name.
        lengths: how many values each array of a future has: a number, or a shape.
    """

    layout: Layout
    function: Callable[..., Any]
    n: int
    weeks: int
    given: Mapping[str, Any]
    lengths: Mapping[str, int | tuple[int, ...]]

    @property
    def details(self) -> tuple[str, ...]:
        """Names of what ``values`` holds: measures, then every scalar, then every value of the arrays that are
        shown.
        """
        names = [*self.layout.measures, *self.layout.scalars]
        for array in self.layout.shown:
            names += [f"{array}[{place}]" for place in range(self._length(array))]
        return tuple(names)

    def _length(self, array: str) -> int:
        length = self.lengths[array]
        return length if isinstance(length, int) else int(np.prod(length))

    def place(self, name: str) -> int:
        """Place of a measure or a variable among ``values``."""
        return self.details.index(name)


def prepare(
    layout: Layout,
    function: Callable[..., Any],
    beginning: Beginning,
    values: Values,
    key: Keys,
    inputs: Array,
    tables: Mapping[str, np.ndarray],
    sizes: Mapping[str, int | tuple[int, ...]],
) -> Prepared:
    """Put together what a course needs.

    Args:
        inputs: the weekly table, float64 [weeks, inputs].
        tables: arrays that the run brings, by name; all that modules ask for.
        sizes: lengths that modules leave to the run, by name.
    """
    made, at, lengths = rows(layout, beginning, values.n)
    every: dict[str, int | tuple[int, ...]] = dict(lengths)
    for wired in layout.world.wired:
        for name, kind in wired.module.arrays.items():
            every[f"{wired.name}.{name}"] = _size(kind, sizes)
    given = {
        "weeks": len(inputs),
        "P": columns(layout, beginning, values),
        "begun": np.array(layout.begun, np.int64),
        "R": made,
        "row_at": at,
        "keys": key,
        "W": np.ascontiguousarray(inputs, float),
        **{f"t_{name}": tables[name] for name in layout.world.tables if name in tables},
    }
    return Prepared(layout, function, values.n, len(inputs), given, every)


def _size(kind: Rows, sizes: Mapping[str, int | tuple[int, ...]]) -> int | tuple[int, ...]:
    return kind.length if isinstance(kind.length, int) else sizes[kind.length]


@dataclass(frozen=True)
class Taken:
    """What a course gave for all futures.

    Attributes:
        measures: one number a future by measure, float64 [n].
        series: by name, [n, stretches] in the type asked for.
        blocks: what each block's own arguments held afterwards (logs of rules), in order of the futures.
    """

    measures: dict[str, Array]
    series: dict[str, np.ndarray]
    blocks: list[dict[str, Any]]


def execute(
    prepared: Prepared,
    record: Sequence[str] = (),
    *,
    every: int = 1,
    kind: type = np.float32,
    block: int = BLOCK,
    threads: int | None = None,
    own: Callable[[int, Mapping[str, Any] | None], Mapping[str, Any] | None] = lambda count, again: None,
    done: Callable[[int], None] = lambda count: None,
) -> Taken:
    """Take all futures through all weeks. The result depends on neither ``block`` nor ``threads``.

    Args:
        record: measures or variables whose weekly values are kept; variables ("module.name") cost a little more.
        every: they are kept as means over so many weeks; an unfinished stretch is left out.
        kind: of the series.
        own: makes what a block needs for itself alone, given how many futures it has and None; asked again with what
            it made once the block is run, it gives something else where the block must be run again, else None.
        done: told after each block how many futures are done in all; may raise to stop, which the caller sees.
    """
    layout, n = prepared.layout, prepared.n
    detail = any(name not in layout.measures for name in record)
    names = prepared.details if detail else layout.measures
    places = {name: place for place, name in enumerate(names)}
    wanted = np.array([places[name] for name in record], np.int64)
    total = np.empty((len(layout.measures), n))
    stretches = prepared.weeks // every
    series: dict[str, np.ndarray] = {name: np.empty((n, stretches), kind) for name in record}

    def run(first: int) -> dict[str, Any]:
        last = min(first + block, n)
        kept = np.zeros((len(record), last - first, stretches))
        mine = dict(own(last - first, None) or {})
        while True:
            arguments = {
                **prepared.given,
                **_fresh(prepared),
                "first": first,
                "last": last,
                "C": np.empty(len(layout.columns)),
                "S": np.empty(len(layout.scalars)),
                "values": np.empty(len(names)),
                "sums": np.empty(len(layout.measures)),
                "total": total,
                "record": wanted,
                "every": every,
                "series": kept,
                "detail": int(detail),
                **mine,
            }
            prepared.function(*(arguments[name] for name in signature(layout)))
            again = own(last - first, mine)
            if again is None:
                break
            mine = dict(again)
        for row, name in enumerate(record):
            series[name][first:last] = kept[row] / every if every > 1 else kept[row]
        return mine

    blocks: list[dict[str, Any]] = []
    for mine in _shared_out(run, range(0, n, block), threads):
        blocks.append(mine)
        done(min(len(blocks) * block, n))
    return Taken(_finished(prepared, total), series, blocks)


def _shared_out(run: Callable[[int], dict[str, Any]], firsts: range, threads: int | None) -> Iterator[dict[str, Any]]:
    """Results in order. The first block runs alone: it compiles, where nothing is compiled yet."""
    workers = min(threads or cores(), len(firsts))
    if not firsts:
        return
    yield run(firsts[0])
    if workers < 2:
        yield from map(run, firsts[1:])
        return
    pool = ThreadPoolExecutor(workers, thread_name_prefix="borderlab-course")
    try:
        yield from pool.map(run, firsts[1:])
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def cores() -> int:
    """Processors that this process may use, on any system."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _fresh(prepared: Prepared) -> dict[str, np.ndarray]:
    return {f"a_{name.replace('.', '__')}": np.zeros(length) for name, length in prepared.lengths.items()}


def _finished(prepared: Prepared, total: Array) -> dict[str, Array]:
    """Measures from their sums over weeks, in the order of the layout."""
    layout, every = prepared.layout, prepared.layout.world.measures
    found: dict[str, Array] = {}
    for row, id_ in enumerate(layout.measures):
        wired, measure = every[id_]
        if measure.plus:
            found[id_] = sum(found[one] for one in measure.plus)  # type: ignore[assignment]
            continue
        value = total[row]
        if layout.how.get(id_, "mean") == "mean":
            value = value / prepared.weeks
        if measure.times:
            value = value * prepared.given["P"][layout.columns_by_name[f"{wired.name}.{measure.times}"]]
        found[id_] = value
    return found
