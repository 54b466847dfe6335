"""The equations as a document, from the declarations: what ``docs/model.md`` holds."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence

from borderlab.evidence.tables.parameter import Parameter
from borderlab.model.core.module import Before, Module, Rows, begin_of, start_of, step_of
from borderlab.model.core.syntax import returned, tree_of
from borderlab.model.core.world import Wired, World

HEAD = """# The equations of the two governments

Made from the declarations of the modules by `make documents`; a test fails when it is stale. How to read the model,
where it starts and what history says of it: [model-notes.md](model-notes.md).

Each module below takes one future through one week. Modules run in the order in which they stand here; what a module
reads of a later one is as it stood the week before. A *state* is kept from week to week; all else is worked out anew.
`clip(x, low, high)` bounds a value; `factor(x)` is exp(x). Rates per month are turned into weekly ones once, before
the first week. Values and ranges are those of the register (`reference/parameters/`); `borderlab why NAME` gives source
and grade of each, and what it moves.
"""


def document(world: World, register: Mapping[str, Parameter]) -> str:
    """The whole document as Markdown.

    Args:
        world: the modules.
        register: parameters by id, for meaning, unit, value, range and grade.
    """
    lines = [HEAD, "## The order of a week", ""]
    rows = [(_link(wired.name), _reads(wired.module), _gives(wired)) for wired in world.wired]
    lines += _table(("module", "reads", "measures"), rows)
    for wired in world.wired:
        lines += ["", *_module(wired, register)]
    return "\n".join(lines) + "\n"


def _reads(module: type[Module]) -> str:
    found = dict.fromkeys(source.partition(".")[0] for source in map(str, module.reads.values()))
    return ", ".join(map(_link, found)) or "–"


def _link(module: str) -> str:
    return f"[{module}](#{module})"


def _gives(wired: Wired) -> str:
    measures = [f"`{measure.id}`" for measure in wired.module.measures]
    if len(measures) > 6:
        measures = [*measures[:5], f"and {len(measures) - 5} more"]
    return ", ".join(measures) or "–"


def _module(wired: Wired, register: Mapping[str, Parameter]) -> Iterator[str]:
    module = wired.module
    yield f"## {wired.name}"
    yield ""
    yield inspect.cleandoc(module.__doc__ or "").replace("``", "`")
    for title, function in (("Before the first week", begin_of(module)), ("For each future", start_of(module)),
                            ("Each week", step_of(module))):  # fmt: skip
        if function is not None:
            yield ""
            yield f"{title}:"
            yield ""
            yield "```python"
            yield from _equations(function)
            yield "```"
    for title, header, rows in (
        ("Parameters", ("name", "symbol", "what it is", "unit", "value", "range", "grade"),
         [_parameter(local, reference, register) for local, reference in module.parameters.items()]),
        ("Read", ("name", "from"), list(_others(module))),
        ("State and results", ("name", "unit", "kind"), list(_given(module))),
        ("Measures", ("measure", "is"), list(_measured(module))),
    ):  # fmt: skip
        if rows:
            yield from ("", f"{title}:", "", *_table(header, rows))


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _equations(function: object) -> Iterator[str]:
    """Statements as they run; what is returned stands as ``name = …`` unless it is the name itself."""
    tree = tree_of(function)  # type: ignore[arg-type]
    for statement in tree.body[:-1]:
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
            yield from ast.unparse(statement).splitlines()
    for name, value in returned(function).items():  # type: ignore[arg-type]
        text = ast.unparse(value)
        if text != name:
            yield f"{name} = {text}"


def _parameter(local: str, reference: str, register: Mapping[str, Parameter]) -> tuple[str, ...]:
    row = register.get(reference)
    if row is None:
        return f"`{local}`", "", _reference(reference), "", "", "", ""
    named = f"`{local}`" if local == reference else f"`{local}` (`{reference}`)"
    spread = f"{row.low:g} … {row.high:g}" if row.low is not None and row.high is not None else "fixed"
    value = row.default if isinstance(row.default, str) else f"{row.default:g}"
    return named, row.symbol or "", row.meaning_en, row.unit, value, spread, row.grade


def _reference(reference: str) -> str:
    if ":" in reference:
        switch, option = reference.split(":")
        return f"1 where the switch `{switch}` stands at “{option}”, else 0"
    id_, bound = reference.split("@")
    return f"value of the lever `{id_}` today" if bound == "today" else f"the {bound} end of the range of `{id_}`"


def _others(module: type[Module]) -> Iterator[tuple[str, str]]:
    for local, source in module.reads.items():
        owner, _, name = str(source).partition(".")
        when = ", the week before" if isinstance(source, Before) else ""
        yield f"`{local}`", f"{_link(owner)}: `{name}`{when}"
    for local, hook in module.effects.items():
        yield f"`{local}`", f"{_link('levers')}: sum of the effects `{hook}`"
    for local, lever in module.levers.items():
        yield f"`{local}`", f"change of the lever `{lever}` against today"
    for local, table in module.tables.items():
        yield f"`{local}`", f"table of the run: `{table}`"
    for local, draw in module.draws.items():
        yield f"`{local}`", f"{draw.kind} draw of the future’s own, by {draw.step}"
    for local in module.inputs:
        yield f"`{local}`", "the calendar, or coded history"


def _given(module: type[Module]) -> Iterator[tuple[str, str, str]]:
    for kind, names in (("state", module.state), ("result", module.writes), ("result", module.arrays)):
        for name, unit in names.items():
            if isinstance(unit, Rows):
                if unit.shown:
                    yield f"`{name}`", unit.unit, f"{kind}, {unit.length} values"
            else:
                yield f"`{name}`", unit, kind


def _measured(module: type[Module]) -> Iterator[tuple[str, str]]:
    for measure in module.measures:
        if measure.plus:
            what = " + ".join(f"`{part}`" for part in measure.plus)
        else:
            what = f"`{measure.variable}`" + ("" if measure.place is None else f", value {measure.place + 1}")
            what += f" × `{measure.times}`" if measure.times else ""
        yield f"`{measure.id}`", what
