"""Which modules, measures, strategies, claims and tables lean on a name. Derived from code and tables, never listed."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from borderlab.evidence.catalogue.catalogue import Entry, all_entries, split, tables

_PACKAGE = Path(__file__).resolve().parents[2]
_DOCSTRING = re.compile(r'"""(?:.*?)"""', re.S)
_QUOTED = re.compile(r"\"([\w.-]+)\"|'([\w.-]+)'")
_BUILT = re.compile(r"f\"([\w.-]*)\{[^{}\"]*\}([\w.-]*)\"")
_LEAST_PREFIX = 3
_LINKS = (
    "model",
    "episodes",
    "programmes",
    "episode",
    "indicator",
    "statute_id",
    "residual_series",
    "position_of",
    "choices",
)


@dataclass(frozen=True)
class Use:
    """One thing that leans on a name.

    Attributes:
        kind: module, indicator, lever, strategy, scenario, claim, measure, table …
        name: its id, or the module's dotted name.
    """

    kind: str
    name: str


@cache
def code() -> dict[str, str]:
    """The text of every module of the package by dotted name, its docstrings taken out."""
    found = {}
    for path in sorted(_PACKAGE.rglob("*.py")):
        name = path.relative_to(_PACKAGE).with_suffix("").as_posix().replace("/", ".")
        found[name.removesuffix(".__init__")] = _DOCSTRING.sub('""', path.read_text(encoding="utf-8"))
    return found


@cache
def _quoted() -> dict[str, tuple[str, ...]]:
    """Every text that stands in quotes somewhere in the code, with the modules where it does."""
    found: dict[str, dict[str, None]] = {}
    for name, text in code().items():
        for match in _QUOTED.finditer(text):
            found.setdefault(match[1] or match[2], {})[name] = None
    return {word: tuple(names) for word, names in found.items()}


@cache
def _patterns() -> tuple[tuple[str, str, str], ...]:
    """Names that code builds as it runs, as in ``f"prog.rank_{form}"``: before, after, and the module."""
    found: dict[tuple[str, str, str], None] = {}
    for name, text in code().items():
        for match in _BUILT.finditer(text):
            if len(match[1]) >= _LEAST_PREFIX and match[1][-1] in "._":
                found[match[1], match[2], name] = None
    return tuple(found)


def modules_quoting(word: str) -> list[str]:
    """Modules in which ``word`` stands as a text of its own."""
    return list(_quoted().get(word, ()))


def _builders(word: str) -> list[str]:
    """Modules that build the name as they run."""
    return [
        name
        for before, after, name in _patterns()
        if word.startswith(before) and word.endswith(after) and len(word) > len(before) + len(after)
    ]


def _in_model(name: str) -> str:
    """The module of the model that the world calls ``name``."""
    return {"drive": "model.core.inputs", "settings": "model.futures.parameters"}.get(name, f"model.modules.{name}")


@cache
def computed_by() -> dict[str, tuple[str, ...]]:
    """Indicators read off each module of the model, from the table of readers in ``model.run.measures``."""
    text = code().get("model.run.measures", "")
    helpers = {m[1]: m[2] for m in re.finditer(r"^def (_\w+)\(.*?\n(.*?)(?=^def |^@|\Z)", text, re.M | re.S)}
    known = [entry.id for entry in all_entries() if entry.kind == "indicator"]
    found: dict[str, dict[str, None]] = {}

    def note(ids: list[str], body: str) -> None:
        for module in re.findall(r"world\.(\w+)", helpers.get(body, body)):
            found.setdefault(_in_model(module), {}).update(dict.fromkeys(ids))

    for match in re.finditer(r'^\s+"([\w.-]+)": (.+?),?$', text, re.M):
        if match[1] in known:
            note([match[1]], match[2].strip(",()"))
    for match in re.finditer(r'found\[f"([^"]+)"\] = (_\w+)', text):
        pattern = re.compile(re.sub(r"\\\{\w+\\\}", r"[\\w-]+", re.escape(match[1])))
        note([id_ for id_ in known if pattern.fullmatch(id_)], match[2])
    for match in re.finditer(r"for \w+ in (\([^)]*\)):\n\s+found\[\w+\] = (_\w+)", text):
        note([id_ for id_ in re.findall(r'"([\w.-]+)"', match[1]) if id_ in known], match[2])
    return {module: tuple(ids) for module, ids in found.items() if module in code()}


@cache
def importers() -> dict[str, frozenset[str]]:
    """Which modules of the package import each module."""
    found: dict[str, set[str]] = {}
    for name, text in code().items():
        for target in re.findall(r"from borderlab\.([\w.]+) import", text):
            found.setdefault(target, set()).add(name)
    return {target: frozenset(names) for target, names in found.items()}


@cache
def feeds() -> dict[str, frozenset[str]]:
    """Which modules of the model read each module's results within a week, from ``World.step``."""
    import ast

    text = code().get("model.run.world", "")
    if not text:
        return {}
    world = next(
        (node for node in ast.parse(text).body if isinstance(node, ast.ClassDef) and node.name == "World"), None
    )
    methods = {node.name: node for node in (world.body if world else []) if isinstance(node, ast.FunctionDef)}
    found: dict[str, set[str]] = {}
    for method in methods.values():
        local: dict[str, set[str]] = {}
        for node in ast.walk(method):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                local[node.targets[0].id] = _read_in(node.value, methods, local)
        for node in ast.walk(method):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                if isinstance(owner, ast.Attribute) and _in_model(owner.attr) in code():
                    for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
                        for source in _read_in(argument, methods, local):
                            found.setdefault(_in_model(source), set()).add(_in_model(owner.attr))
    return {source: frozenset(readers) for source, readers in found.items()}


def _read_in(node: Any, methods: dict[str, Any], local: dict[str, set[str]], depth: int = 0) -> set[str]:
    """Names of the modules whose results an expression of ``World`` reads."""
    import ast

    found: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            found |= local.get(part.id, set())
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "self":
            if _in_model(part.attr) in code() and part.attr not in ("settings", "drive"):
                found.add(part.attr)
            elif part.attr in methods and depth < 3:
                found |= _read_in(methods[part.attr], methods, {}, depth + 1)
    return found


def downstream(module: str) -> list[str]:
    """Modules of the model that read this one's results, directly or through others, week by week."""
    seen: list[str] = []
    queue = [module]
    while queue:
        for name in sorted(feeds().get(queue.pop(0), frozenset())):
            if name != module and name not in seen:
                seen.append(name)
                queue.append(name)
    return seen


@cache
def _pointers() -> dict[str, tuple[Use, ...]]:
    """For every word that a row, a strategy or a scenario points to: which of them do."""
    found: dict[str, dict[Use, None]] = {}
    for entry in all_entries():
        use = Use(entry.kind, entry.id)
        if entry.kind in ("strategy", "scenario"):
            words = set(re.findall(r"[\w.-]*\w", entry.row["text"]))
        else:
            words = {word for column in _LINKS if entry.row.get(column) for word in split(entry.row[column])}
        for word in words:
            if word != entry.id:
                found.setdefault(word, {})[use] = None
    return {word: tuple(uses) for word, uses in found.items()}


def linked(name: str) -> list[Use]:
    """Rows of tables, strategies and scenarios that point to ``name``."""
    return list(_pointers().get(name, ()))


def citing(source: str) -> list[Use]:
    """Rows of every table that rest on a source; figures without an id are named by their table."""
    found: dict[Use, None] = {}
    for entry in all_entries():
        if entry.kind == "source" and entry.id == source:
            continue
        cited = entry.sources if entry.kind != "source" else ()
        if source in cited or source in split(entry.row.get("official_source")):
            found[Use(entry.kind, entry.id)] = None
    known = {(entry.table) for entry in all_entries()}
    for table, rows in tables().items():
        if table not in known and any(source in split(row.get("source")) for _, row in rows):
            found[Use("table", table)] = None
    return list(found)


def _modules(name: str, kind: str) -> list[str]:
    found = modules_quoting(name) or _builders(name)
    if not found and kind in ("programme", "episode", "leader", "claim", "conflict", "sector"):
        found = sorted(importers().get(f"evidence.tables.{kind}", frozenset()))
    if kind == "indicator":
        found = [module for module in found if not module.startswith("crossings")]
    return [module for module in found if not module.startswith("cli")]


def used_by(entry: Entry) -> list[Use]:
    """Everything that leans on an entry: modules, results that they give, levers, strategies, claims, tables."""
    found: dict[Use, None] = {}
    if entry.kind == "source":
        return citing(entry.id)
    modules = _modules(entry.id, entry.kind)
    if entry.kind == "parameter":
        modules += _through_lever(entry.id, found)
    if entry.kind == "indicator":
        modules += [module for module, ids in computed_by().items() if entry.id in ids]
    for module in dict.fromkeys(modules):
        found[Use("module", module)] = None
    if entry.kind == "parameter":
        for module in list(dict.fromkeys(modules)):
            for id_ in computed_by().get(module, ()):
                found[Use("indicator", id_)] = None
    for use in linked(entry.id):
        found[use] = None
    if entry.kind == "claim":
        found[Use("essay", entry.row["source"])] = None
    return list(found)


def _through_lever(name: str, found: dict[Use, None]) -> list[str]:
    """A parameter ``<lever>.<hook>`` is read when the lever moves, by the modules that take up the hook."""
    lever, _, hook = name.rpartition(".")
    if not any(entry.id == lever and entry.kind == "lever" for entry in all_entries()):
        return []
    found[Use("lever", lever)] = None
    for use in linked(lever):
        if use.kind == "strategy":
            found[use] = None
    shifted = [module for module, text in code().items() if f'shift("{hook}")' in text]
    return shifted or [module for module in modules_quoting(hook) if module.startswith("model.")]


def reaches(uses: Collection[Use]) -> list[str]:
    """Indicators that a thing bears on through later modules, beyond the modules that read it directly."""
    direct = {use.name for use in uses if use.kind == "indicator"}
    found: dict[str, None] = {}
    for module in [use.name for use in uses if use.kind == "module"]:
        for later in downstream(module):
            for id_ in computed_by().get(later, ()):
                found[id_] = None
    return [id_ for id_ in found if id_ not in direct]
