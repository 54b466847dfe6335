"""The text of a world's course: one function that takes futures through all weeks, with every module's equations in it.

It is generated from the declarations, so that no call is written by hand and none goes by position. The text is plain
Python over scalars and arrays: :mod:`borderlab.model.core.course` compiles it, and a test runs it without compilation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from borderlab.model.core.module import Draw, Measure, Rows, start_of, step_of
from borderlab.model.core.random import salt
from borderlab.model.core.syntax import woven
from borderlab.model.core.world import Argument, Wired, World

ORDERS = "orders."
DRAWS = {"normal": "normal_draw", "uniform": "unit_draw", "exponential": "exponential_draw"}


@dataclass(frozen=True)
class Layout:
    """Where things stand in what the course takes and gives.

    Args:
        world: the modules.
        ruled: a strategy's rules are run within the course; else tables are as given.
        aggregation: how weeks become one number, by measure: mean, sum, last or max.
    """

    world: World
    ruled: bool
    aggregation: tuple[tuple[str, str], ...]

    @cached_property
    def how(self) -> dict[str, str]:
        """Aggregation by measure."""
        return dict(self.aggregation)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Scalars of a future that are made before the first week ("module.name"): parameters as "=reference"."""
        found: dict[str, None] = {}
        for wired in self.world.wired:
            asked = [*wired.step, *wired.start]
            for one in asked:
                if one.kind == "parameter":
                    found[f"={one.source}"] = None
                elif one.kind in ("own", "read", "before") and self._scalar(one.source):
                    found[one.source] = None
            for name in (*wired.module.state, *wired.writes, *(one.times or "" for one in wired.module.measures)):
                if name in wired.begins and not isinstance(wired.module.state.get(name), Rows):
                    found[f"{wired.name}.{name}"] = None
        return tuple(name for name in found if name.startswith("=") or self._begun(name))

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """Rows of state that every future starts with, in order."""
        return tuple(
            f"{wired.name}.{name}"
            for wired in self.world.wired
            for name, kind in wired.module.state.items()
            if isinstance(kind, Rows)
        )

    @cached_property
    def arrays(self) -> tuple[str, ...]:
        """Every array that a future works in: rows of state first, then results."""
        results = tuple(f"{wired.name}.{name}" for wired in self.world.wired for name in wired.module.arrays)
        return self.rows + results

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """Arrays that can be recorded."""
        kinds = {f"{wired.name}.{name}": kind for wired in self.world.wired
                 for name, kind in (*wired.module.state.items(), *wired.module.arrays.items())}  # fmt: skip
        return tuple(name for name in self.arrays if getattr(kinds[name], "shown", True))

    @cached_property
    def scalars(self) -> tuple[str, ...]:
        """Every scalar that changes from week to week or is made in compiled code, in order of the modules."""
        return tuple(dict.fromkeys(
            f"{wired.name}.{name}" for wired in self.world.wired for name in (*wired.writes, *wired.starts)
        ))  # fmt: skip

    def scalar(self, name: str) -> str:
        """The expression of a scalar: its place among those that change (S), or among those that do not (C)."""
        if name in self._place_of:
            return f"S[{self._place_of[name]}]"
        return f"C[{self.columns_by_name[name]}]"

    @cached_property
    def _place_of(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.scalars)}

    @cached_property
    def begun(self) -> tuple[int, ...]:
        """For each changing scalar the column that it begins with, -1 where it has no value before the first week."""
        return tuple(self.columns_by_name.get(name, -1) for name in self.scalars)

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """Measures in the order in which the modules state them; those with a factor, then sums of others, come
        last.
        """
        every = self.world.measures

        def rank(id_: str) -> tuple[bool, bool, bool]:
            measure = every[id_][1]
            return bool(measure.plus), bool(measure.times), self.how.get(id_, "mean") not in ("mean", "sum")

        return tuple(sorted(every, key=rank))

    @cached_property
    def columns_by_name(self) -> dict[str, int]:
        """Place of each column."""
        return {name: place for place, name in enumerate(self.columns)}

    def _of(self, source: str) -> tuple[Wired, str]:
        owner, _, name = source.partition(".")
        return next(wired for wired in self.world.wired if wired.name == owner), name

    def _scalar(self, source: str) -> bool:
        wired, name = self._of(source)
        return name not in wired.module.arrays and not isinstance(wired.module.state.get(name), Rows)

    def _begun(self, source: str) -> bool:
        """Whether it has a value before the first week that ``begin`` gives."""
        wired, name = self._of(source)
        return name in wired.begins and name not in wired.starts


def local(source: str) -> str:
    """The name of an array of a future in the text."""
    return source.replace(".", "__").replace("-", "_")


@dataclass(frozen=True)
class Text:
    """The course as Python text, and what each global name in it stands for."""

    text: str
    names: dict[str, Any]


def course_text(layout: Layout) -> Text:
    """The course. Its arguments are listed in :func:`signature`."""
    names: dict[str, Any] = {}
    lines = list(_lines(layout, names))
    return Text("\n".join(lines) + "\n", names)


def signature(layout: Layout) -> tuple[str, ...]:
    """Names of the arguments of the course, in order.

    ``first, last`` span of futures; ``weeks``; ``P`` float64 [columns, futures]; ``C`` scratch [columns] and ``S``
    scratch [scalars], with ``begun`` int64 [scalars] (the column that a scalar begins with, -1 none); ``R`` float64
    [rows, futures] and ``row_at`` (where each of ``rows`` begins); ``keys`` [futures]; ``W`` float64 [weeks, inputs];
    ``values`` scratch [measures (+ details)]; ``sums`` scratch [measures]; ``total`` float64 [measures, futures];
    ``record`` int64 [records], ``every``, ``series`` float64 [records, futures of the span, stretches]; ``detail`` (1
    keeps every scalar and array among ``values``); arrays of a future; tables; with rules their program, state, orders
    and book, and ``watched`` int64 (place among ``values`` of each reading, -1 unknown), ``seen``.
    """
    arrays = tuple(f"a_{local(name)}" for name in layout.arrays)
    tables = tuple(f"t_{name}" for name in layout.world.tables if not name.startswith(ORDERS))
    rules = ("program", "state", "orders", "book", "watched", "seen") if layout.ruled else ()
    fixed = (
        "first", "last", "weeks", "P", "C", "S", "begun", "R", "row_at", "keys", "W", "values", "sums", "total",
        "record", "every", "series", "detail",
    )  # fmt: skip
    return (*fixed, *arrays, *tables, *rules)


def _lines(layout: Layout, names: dict[str, Any]) -> Iterator[str]:
    world = layout.world
    yield f"def course({', '.join(signature(layout))}):"
    yield "    for place in range(first, last):"
    yield "        key = keys[place]"
    yield "        for at in range(len(C)):"
    yield "            C[at] = P[at, place]"
    yield "        for at in range(len(S)):"
    yield "            S[at] = C[begun[at]] if begun[at] >= 0 else nan"
    for number, name in enumerate(layout.rows):
        yield f"        for at in range(len(a_{local(name)})):"
        yield f"            a_{local(name)}[at] = R[row_at[{number}] + at, place]"
    for wired in world.wired:
        start = start_of(wired.module)
        if start is not None:
            yield from _woven(start, f"s_{wired.name}", wired.start, wired.starts, wired, layout, {}, names, 8)
    yield "        for row in range(len(values)):"
    yield "            values[row] = nan"
    yield f"        for row in range({len(layout.measures)}):"
    yield "            sums[row] = 0.0"
    if layout.ruled:
        yield "        reset(program, state)"
    yield "        for week in range(weeks):"
    for name in layout.world.inputs:
        yield f"            i_{name} = W[week, {world.inputs.index(name)}]"
    if layout.ruled:
        yield "            for row in range(len(watched)):"
        yield "                seen[row] = values[watched[row]] if watched[row] >= 0 else nan"
        yield "            flags = advance(program, state, week, seen, orders, book, place)"
    befores = dict.fromkeys(one.source for wired in world.wired for one in wired.step if one.kind == "before")
    for source in befores:
        yield f"            was_{local(source)} = {layout.scalar(source)}"
    for wired in world.wired:
        for name, draw in wired.module.draws.items():
            names[f"salt_{wired.name}_{name}"] = salt(draw.purpose)
            yield f"            d_{wired.name}_{name} = {_draw(draw, wired, name)}"
        function = step_of(wired.module)
        yield from _woven(function, f"w_{wired.name}", wired.step, wired.writes, wired, layout, befores, names, 12)
    yield from _measured(layout)


def _woven(
    function: Callable[..., Any],
    prefix: str,
    arguments: Sequence[Argument],
    gives: Sequence[str],
    wired: Wired,
    layout: Layout,
    befores: dict[str, None],
    names: dict[str, Any],
    indent: int,
) -> Iterator[str]:
    """A module's equations in their place; what they give takes its global names once all is worked out."""
    given = {one.local: _value(one, layout, befores) for one in arguments}
    lines, found = woven(function, prefix, given)
    names.update(found)
    yield " " * indent + f"# {wired.name}"
    for line in lines:
        yield " " * indent + line
    for name in gives:
        yield " " * indent + f"{layout.scalar(f'{wired.name}.{name}')} = {prefix}_{name}_"


def _draw(draw: Draw, wired: Wired, name: str) -> str:
    step = "week" if draw.step == "week" else f"int(i_{draw.step})"
    return f"{DRAWS[draw.kind]}(key, salt_{wired.name}_{name}, {step})"


def _value(one: Argument, layout: Layout, befores: dict[str, None]) -> str:
    if one.kind == "parameter":
        return layout.scalar(f"={one.source}")
    if one.kind == "input":
        return f"i_{one.source}"
    if one.kind == "effect":
        return f"a_levers__shift[{layout.world.effects.index(one.source)}]"
    if one.kind == "lever":
        return f"a_levers__direct[{layout.world.levers.index(one.source)}]"
    if one.kind == "table":
        return one.source if one.source.startswith(ORDERS) else f"t_{one.source}"
    if one.kind == "special":
        return one.source
    if one.kind == "draw":
        owner = next(wired for wired in layout.world.wired if one in wired.step)
        return f"d_{owner.name}_{one.source}"
    if not layout._scalar(one.source):
        return f"a_{local(one.source)}"
    if one.kind == "before" and one.source in befores:
        return f"was_{local(one.source)}"
    return layout.scalar(one.source)


def weekly_value(measure: Measure, wired: Wired, layout: Layout) -> str:
    """The expression of a measure's value of the week."""
    if measure.plus:
        return " + ".join(f"values[{layout.measures.index(id_)}]" for id_ in measure.plus)
    source = f"{wired.name}.{measure.variable}"
    value = layout.scalar(source) if layout._scalar(source) else f"a_{local(source)}[{measure.place}]"
    return value if measure.times is None else f"{value} * {layout.scalar(f'{wired.name}.{measure.times}')}"


def _measured(layout: Layout) -> Iterator[str]:
    every = layout.world.measures
    plain = [id_ for id_ in layout.measures if not every[id_][1].times and not every[id_][1].plus]
    for row, id_ in enumerate(layout.measures):
        wired, measure = every[id_]
        yield f"            values[{row}] = {weekly_value(measure, wired, layout)}"
    # Measures that are summed as they are stand first, so that one loop does for all of them.
    summed = sum(layout.how.get(id_, "mean") in ("mean", "sum") for id_ in plain)
    yield f"            for row in range({summed}):"
    yield "                sums[row] += values[row]"
    for row, id_ in list(enumerate(plain))[summed:]:
        value = f"values[{row}]"
        yield f"            sums[{row}] = {value if layout.how[id_] == 'last' else f'max(sums[{row}], {value})'}"
    for row, id_ in enumerate(layout.measures):
        wired, measure = every[id_]
        if measure.times:
            yield f"            sums[{row}] += {layout.scalar(f'{wired.name}.{measure.variable}')}"
    yield "            if detail > 0:"
    yield f"                at = {len(layout.measures)}"
    yield "                for row in range(len(S)):"
    yield "                    values[at] = S[row]"
    yield "                    at += 1"
    for name in layout.shown:
        yield f"                for one in a_{local(name)}:"
        yield "                    values[at] = one"
        yield "                    at += 1"
    yield "            stretch = week // every"
    yield "            if stretch < series.shape[2]:"
    yield "                for row in range(len(record)):"
    yield "                    if week == stretch * every:"
    yield "                        series[row, place - first, stretch] = values[record[row]]"
    yield "                    else:"
    yield "                        series[row, place - first, stretch] += values[record[row]]"
    yield f"        for row in range({len(layout.measures)}):"
    yield "            total[row, place] = sums[row]"
    if layout.ruled:
        yield "        finish(program, state, book, place)"
