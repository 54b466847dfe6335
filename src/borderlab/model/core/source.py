"""The text of a world's course: one function that takes futures through all weeks, with every module's equations in it.

It is generated from the declarations, so that no call is written by hand and none goes by position. The text is plain
Python over scalars and arrays: :mod:`borderlab.model.core.course` compiles it, and a test runs it without compilation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from borderlab.model.core.module import Draw, Measure, Rows
from borderlab.model.core.world import Argument, Wired, World

DRAWS = {"normal": "normal_draw", "uniform": "unit_draw", "exponential": "exponential_draw"}


@dataclass(frozen=True)
class Layout:
    """Where things stand in what the course takes and gives.

    Args:
        world: the modules.
        ruled: a strategy's rules are run within the course; else tables are as given.
    """

    world: World
    ruled: bool

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
        """Every scalar that changes from week to week, in order of the modules."""
        return tuple(
            f"{wired.name}.{name}"
            for wired in self.world.wired
            for name in wired.writes
        )

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """Measures in the order in which the modules state them; those with a factor, then sums of others, come last."""
        every = self.world.measures
        return tuple(sorted(every, key=lambda id_: (bool(every[id_][1].plus), bool(every[id_][1].times))))

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

    def constant(self, source: str) -> bool:
        """Whether it never changes after the beginning."""
        wired, name = self._of(source)
        return name not in wired.writes and name not in wired.module.arrays and name not in wired.module.state


def local(source: str) -> str:
    """The name of a variable in the text."""
    return source.replace(".", "__").replace("-", "_")


def text(layout: Layout) -> str:
    """The course as Python text. Its arguments are listed in :func:`signature`."""
    return "\n".join(_lines(layout)) + "\n"


def signature(layout: Layout) -> tuple[str, ...]:
    """Names of the arguments of the course, in order.

    ``first, last`` span of futures; ``weeks``; ``P`` float64 [columns, futures]; ``R`` float64 [rows, futures] and
    ``row_at`` (where each of ``rows`` begins); ``keys`` [futures]; ``W`` float64 [weeks, inputs]; ``values`` scratch
    [measures (+ details)]; ``sums`` scratch [measures]; ``total`` float64 [measures, futures]; ``how`` int64 [measures]
    (0 sum, 1 last, 2 max); ``record`` int64 [records], ``every``, ``series`` float64 [records, futures of the span, stretches];
    ``detail`` (1 keeps every scalar and array among ``values``); arrays of a future; tables; with rules their program,
    state, orders and book, and ``watched`` int64 (place among ``values`` of each reading, -1 unknown), ``seen``.
    """
    arrays = tuple(f"a_{local(name)}" for name in layout.arrays)
    tables = tuple(f"t_{name}" for name in layout.world.tables)
    rules = ("program", "state", "orders", "book", "watched", "seen") if layout.ruled else ()
    fixed = ("first", "last", "weeks", "P", "R", "row_at", "keys", "W", "values", "sums", "total", "how", "record",
             "every", "series", "detail")  # fmt: skip
    return (*fixed, *arrays, *tables, *rules)


def _lines(layout: Layout) -> Iterator[str]:
    world = layout.world
    yield f"def course({', '.join(signature(layout))}):"
    yield "    for place in range(first, last):"
    yield "        key = keys[place]"
    for column, name in enumerate(layout.columns):
        yield f"        {_column(name)} = P[{column}, place]"
    for number, name in enumerate(layout.rows):
        yield f"        for at in range(len(a_{local(name)})):"
        yield f"            a_{local(name)}[at] = R[row_at[{number}] + at, place]"
    for wired in world.wired:
        if wired.starts or wired.start:
            given = ", ".join(_value(one, layout, {}) for one in wired.start)
            yield f"        {_targets(wired.starts, wired)}start_{wired.name}({given})"
    yield from _blank(layout)
    yield "        for row in range(len(values)):"
    yield "            values[row] = nan"
    yield f"        for row in range({len(layout.measures)}):"
    yield "            sums[row] = 0.0"
    if layout.ruled:
        yield "        reset(state)"
    yield "        for week in range(weeks):"
    for name in layout.world.inputs:
        yield f"            i_{name} = W[week, {world.inputs.index(name)}]"
    if layout.ruled:
        yield "            for row in range(len(watched)):"
        yield "                seen[row] = values[watched[row]] if watched[row] >= 0 else nan"
        yield "            advance(program, state, week, seen, orders, book, place)"
    befores = dict.fromkeys(one.source for wired in world.wired for one in wired.step if one.kind == "before")
    for source in befores:
        yield f"            was_{local(source)} = {local(source)}"
    for wired in world.wired:
        for name, draw in wired.module.draws.items():
            yield f"            d_{wired.name}_{name} = {_draw(draw, wired, name)}"
        given = ", ".join(_value(one, layout, befores) for one in wired.step)
        yield f"            {_targets(wired.writes, wired)}step_{wired.name}({given})"
    yield from _measured(layout)


def _blank(layout: Layout) -> Iterator[str]:
    """Scalars that have no value before the first week."""
    for source in layout.scalars:
        wired, name = layout._of(source)
        if name not in wired.begins and name not in wired.starts:
            yield f"        {local(source)} = nan"


def _column(name: str) -> str:
    return f"p_{_plain(name[1:])}" if name.startswith("=") else local(name)


def _plain(reference: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in reference)


def _targets(names: Sequence[str], wired: Wired) -> str:
    targets = [local(f"{wired.name}.{name}") for name in names]
    if not targets:
        return ""
    return f"({', '.join(targets)},) = "


def _draw(draw: Draw, wired: Wired, name: str) -> str:
    step = "week" if draw.step == "week" else f"int(i_{draw.step})"
    return f"{DRAWS[draw.kind]}(key, salt_{wired.name}_{name}, {step})"


def _value(one: Argument, layout: Layout, befores: dict[str, None]) -> str:
    if one.kind == "parameter":
        return f"p_{_plain(one.source)}"
    if one.kind == "input":
        return f"i_{one.source}"
    if one.kind == "effect":
        return f"a_levers__shift[{layout.world.effects.index(one.source)}]"
    if one.kind == "lever":
        return f"a_levers__direct[{layout.world.levers.index(one.source)}]"
    if one.kind == "table":
        return f"t_{one.source}"
    if one.kind == "special":
        return one.source
    if one.kind == "draw":
        owner = next(wired for wired in layout.world.wired if one in wired.step)
        return f"d_{owner.name}_{one.source}"
    if not layout._scalar(one.source):
        return f"a_{local(one.source)}"
    return f"was_{local(one.source)}" if one.kind == "before" and one.source in befores else local(one.source)


def weekly_value(measure: Measure, wired: Wired, layout: Layout) -> str:
    """The expression of a measure's value of the week."""
    if measure.plus:
        return " + ".join(f"values[{layout.measures.index(id_)}]" for id_ in measure.plus)
    source = f"{wired.name}.{measure.variable}"
    value = local(source) if layout._scalar(source) else f"a_{local(source)}[{measure.place}]"
    return value if measure.times is None else f"{value} * {local(f'{wired.name}.{measure.times}')}"


def _measured(layout: Layout) -> Iterator[str]:
    every = layout.world.measures
    plain = [id_ for id_ in layout.measures if not every[id_][1].times and not every[id_][1].plus]
    for row, id_ in enumerate(layout.measures):
        wired, measure = every[id_]
        yield f"            values[{row}] = {weekly_value(measure, wired, layout)}"
    # Measures without factor stand first: their weekly values are summed as they are.
    yield f"            for row in range({len(plain)}):"
    yield "                value = values[row]"
    yield "                if how[row] == 1:"
    yield "                    sums[row] = value"
    yield "                elif how[row] == 2:"
    yield "                    sums[row] = max(sums[row], value)"
    yield "                else:"
    yield "                    sums[row] += value"
    for row, id_ in enumerate(layout.measures):
        wired, measure = every[id_]
        if measure.times:
            yield f"            sums[{row}] += {local(f'{wired.name}.{measure.variable}')}"
    yield "            if detail > 0:"
    yield f"                at = {len(layout.measures)}"
    for source in layout.scalars:
        yield f"                values[at] = {local(source)}"
        yield "                at += 1"
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
