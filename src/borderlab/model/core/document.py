"""The equations as a document, from the declarations: what ``docs/model.md`` holds."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

from borderlab.evidence.tables.parameter import Parameter
from borderlab.model.core.module import Before, Module, begin_of, start_of, step_of
from borderlab.model.core.syntax import returned, tree_of
from borderlab.model.core.world import Wired, World

HEAD = """# The equations of the two governments

Made from the declarations of the modules by `python -m scripts.model_document`; a test fails when it is stale. How to
read the model, where it starts and what history says of it: [model-notes.md](model-notes.md).

Each module below takes one future through one week. Modules run in the order in which they stand here; what a module
reads of a later one is as it stood the week before. Values that change from week to week are *state*; all else is
worked out anew. `clip(x, low, high)` bounds a value; `factor(x)` is exp(x). Rates per month are turned into weekly ones
once, before the first week: `weekly(share)` is the share of a gap closed in a week if `share` of it is closed in a
month.
"""


def document(world: World, register: dict[str, Parameter]) -> str:
    """The whole document as Markdown.

    Args:
        world: the modules.
        register: parameters by id, for meaning, unit, value, range and grade.
    """
    lines = [HEAD, "## The order of a week", "", "| module | reads | gives |", "|---|---|---|"]
    for wired in world.wired:
        lines.append(f"| [{wired.name}](#{wired.name}) | {_reads(wired.module)} | {_gives(wired)} |")
    for wired in world.wired:
        lines += ["", *_module(wired, register)]
    return "\n".join(lines) + "\n"


def _reads(module: type[Module]) -> str:
    found = dict.fromkeys(source.partition(".")[0] for source in map(str, module.reads.values()))
    return ", ".join(found) or "–"


def _gives(wired: Wired) -> str:
    measures = [f"`{measure.id}`" for measure in wired.module.measures]
    if len(measures) > 6:
        measures = [*measures[:5], f"and {len(measures) - 5} more"]
    return ", ".join(measures) or "–"


def _module(wired: Wired, register: dict[str, Parameter]) -> Iterator[str]:
    module = wired.module
    yield f"## {wired.name}"
    yield ""
    yield inspect.cleandoc(module.__doc__ or "")
    for title, function in (("Before the first week", begin_of(module)), ("For each future", start_of(module)),
                            ("Each week", step_of(module))):  # fmt: skip
        if function is not None:
            yield ""
            yield f"{title}:"
            yield ""
            yield "```python"
            yield from _equations(function)
            yield "```"
    rows = [*_parameters(module, register), *_others(module)]
    if rows:
        yield ""
        yield "| name | what | unit | value | range | grade |"
        yield "|---|---|---|---|---|---|"
        yield from rows


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


def _parameters(module: type[Module], register: dict[str, Parameter]) -> Iterator[str]:
    for local, reference in module.parameters.items():
        row = register.get(reference)
        if row is None:
            yield f"| `{local}` | {_reference(reference)} | | | | |"
            continue
        symbol = f"{row.symbol}: " if row.symbol else ""
        spread = f"{row.low:g} – {row.high:g}" if row.low is not None and row.high is not None else "fixed"
        value = row.default if isinstance(row.default, str) else f"{row.default:g}"
        named = f"`{local}`" if local == reference else f"`{local}` (`{reference}`)"
        yield f"| {named} | {symbol}{row.meaning_en} | {row.unit} | {value} | {spread} | {row.grade} |"


def _reference(reference: str) -> str:
    if ":" in reference:
        switch, option = reference.split(":")
        return f"1 where the switch `{switch}` stands at “{option}”, else 0"
    id_, bound = reference.split("@")
    return f"value of the lever `{id_}` today" if bound == "today" else f"the {bound} end of the range of `{id_}`"


def _others(module: type[Module]) -> Iterator[str]:
    for local, source in module.reads.items():
        when = ", the week before" if isinstance(source, Before) else ""
        yield f"| `{local}` | `{source}`{when} | | | | |"
    for local, hook in module.effects.items():
        yield f"| `{local}` | shift by levers: effect `{hook}` | | | | |"
    for local, lever in module.levers.items():
        yield f"| `{local}` | change of the lever `{lever}` against today | | | | |"
    for local, draw in module.draws.items():
        yield f"| `{local}` | {draw.kind} draw of the future’s own, by {draw.step} | | | | |"
    for local in module.inputs:
        yield f"| `{local}` | input of the calendar | | | | |"
