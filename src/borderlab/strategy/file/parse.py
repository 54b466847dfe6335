"""A strategy file: text in, checked tree out, or every fault at once with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from borderlab.base.inputfile import kind_of, shown
from borderlab.base.problems import InputError, Problem, ProblemList, nearest
from borderlab.base.yamlfile import line_of, parse_yaml, read_yaml_text
from borderlab.evidence.tables.assumption import Assumption, read_assumption
from borderlab.evidence.tables.parameter import model_parameters
from borderlab.strategy.file.conflicts import note_strife
from borderlab.strategy.file.library import file_of, shipped
from borderlab.strategy.file.mapping import Fields
from borderlab.strategy.file.mapping import kind_of as kind_written
from borderlab.strategy.file.rules import RuleReader
from borderlab.strategy.tree.tree import Constant, EssayPlace, ProgrammeStep, Rule, RuleState, Strategy, leaves
from borderlab.strategy.tree.vocabulary import Readable, shipped_indicators

SCHEMA = "borderlab/strategy/1"
TOP_KEYS = (
    "schema",
    "id",
    "title",
    "gist",
    "position_of",
    "base",
    "drop",
    "levers",
    "rules",
    "programmes",
    "parameters",
)
DEEPEST_BASE = 20
"""A base may stand on a base so many times."""
_ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")


def load_strategy(name: str | Path, *, indicators: Mapping[str, Readable] | None = None) -> Strategy:
    """The strategy of that id (shipped) or in that file, with its base layers merged in.

    Args:
        name: a shipped id like ``border-leverage``, or a path.
        indicators: what rules may read; by default the product's own indicators.

    Raises:
        InputError: with every problem of the file, each with its line.
    """
    if indicators is None and isinstance(name, str) and name in shipped():
        return _shipped(name)
    return _load(_path_of(name), _Layers(shipped_indicators() if indicators is None else indicators))


@cache
def _shipped(name: str) -> Strategy:
    """Reading YAML with its lines takes about half a second for a large file; shipped ones are read once."""
    return _load(file_of(name), _Layers(shipped_indicators()))


def parse_strategy(text: str, file: str = "<text>", *, indicators: Mapping[str, Readable] | None = None) -> Strategy:
    """A strategy from text; ``file`` stands for the file in messages, and bases are sought beside it.

    Raises:
        InputError: with every problem of the text.
    """
    document = parse_yaml(text, file)
    return _read(document, text, Path(file), _Layers(shipped_indicators() if indicators is None else indicators))


def load_texts(texts: Mapping[str, str], name: str) -> Strategy:
    """A strategy from kept texts (as in ``Strategy.texts``): ``name`` is the file among them to read.

    Raises:
        InputError: with every problem of the text.
    """
    with TemporaryDirectory() as folder:
        for file, text in texts.items():
            (Path(folder) / Path(file).name).write_text(text, encoding="utf-8")
        return load_strategy(Path(folder) / Path(name).name)


def check_file(name: str | Path) -> tuple[Problem, ...]:
    """Every problem of a strategy file; none if it can be used."""
    try:
        load_strategy(name)
    except InputError as error:
        return error.problems
    return ()


def _path_of(name: str | Path) -> Path:
    if isinstance(name, str) and name in shipped():
        return file_of(name)
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or kind_of(path) != "nothing":
        return path
    raise InputError(
        Problem(
            f"'{shown(name)}' is neither a shipped strategy nor a file.",
            did_you_mean=nearest(str(name), shipped()),
            cure=f"The shipped ones are: {', '.join(shipped())}.",
        )
    )


def _load(path: Path, layers: _Layers) -> Strategy:
    document, text = read_yaml_text(path)
    return _read(document, text, path, layers)


@dataclass
class _Layers:
    """What is known of the layers below while one file is read.

    Attributes:
        indicators: what rules may read. above: the files that this one is a base of.
        read: base files read so far, or None where one cannot be used, so that each is read once however often it is
            named; a chain in which each names the next twice would be read 2ⁿ times.
    """

    indicators: Mapping[str, Readable]
    above: tuple[Path, ...] = ()
    read: dict[Path, Strategy | None] = field(default_factory=dict)

    def below(self, path: Path) -> _Layers:
        """The same for the bases of a file."""
        return _Layers(self.indicators, (*self.above, path.resolve()), self.read)


def _read(document: Any, text: str, path: Path, layers: _Layers) -> Strategy:
    indicators = layers.indicators
    problems = ProblemList(path)
    fields = Fields(document, problems, "the strategy", TOP_KEYS, 1)
    _schema(fields)
    name = fields.text("id", needed=True, cure="Give the strategy an id, like 'my-strategy'.")
    if name is not None and not _ID.match(name):
        fields.note(f"'{name}' is no id.", "id", cure="Use lower-case words joined by hyphens.")
    title, gist = fields.both_languages("title", needed=True), fields.both_languages("gist", needed=True)
    below = _bases(fields, path, layers.below(path))
    reader = RuleReader(problems, indicators)
    for base in below:
        reader.founded |= {step.programme for step in _steps_of(base) if step.action == "found"}
    position = _position(fields, reader)
    constants = tuple(c for item, line in fields.items("levers", "settings") if (c := reader.constant(item, line)))
    dated = _dated(fields, reader)
    changes = _parameters(fields)
    rules = _rules(fields, reader)
    merged = _merge(fields, below, constants, rules, dated)
    _names(fields, reader, merged, rules)
    note_strife(problems, reader.lines, merged[0], merged[1])
    problems.raise_if_any()
    if name is None or title is None or gist is None:  # each has noted its own problem, so this is not reached
        raise InputError(Problem("the strategy lacks an id, a title or a gist.", str(path)))
    bases = tuple(base.id for base in below)
    texts = {file: one for base in below for file, one in base.texts.items()} | {path.name: text}
    changed = {one.id: one for base in below for one in base.parameters} | {one.id: one for one in changes}
    return Strategy(name, title, gist, *merged, position, bases, tuple(changed.values()), str(path), text, texts)


def _schema(fields: Fields) -> None:
    found = fields.text("schema", needed=True, cure=f"Begin the file with 'schema: {SCHEMA}'.")
    if found is not None and found != SCHEMA:
        fields.note(f"unknown schema '{found}'.", "schema", cure=f"This version reads '{SCHEMA}'.")


def _parameters(fields: Fields) -> tuple[Assumption, ...]:
    """Assumptions of the strategy's own: a mapping of parameters to values, ranges or options."""
    written = fields.raw("parameters")
    if written is None:
        return ()
    if not isinstance(written, Mapping):
        cure = "Write for example: parameters: {kc: 0.01 GDP-month}."
        fields.note(f"'parameters' is {kind_written(written)}, not names with values.", "parameters", cure=cure)
        return ()
    found = []
    for name, value in written.items():
        line = line_of(written, name) or fields.line_at("parameters")
        if not isinstance(name, str) or isinstance(value, bool) or not isinstance(value, str | int | float):
            fields.note(f"'parameters' has '{name}' as {kind_written(value)}, not a value with its unit.", line=line)
            continue
        try:
            found.append(read_assumption(name, str(value), model_parameters()))
        except InputError as error:
            for one in error.problems:
                fields.note(f"'parameters': {one.cause}", line=line, cure=one.cure, did_you_mean=one.did_you_mean)
    return tuple(found)


def _position(fields: Fields, reader: RuleReader) -> tuple[EssayPlace, ...]:
    found = (reader.essay_of(item, "'position_of'", line) for item, line in fields.items("position_of", "sources"))
    return tuple(place for place in found if place is not None)


def _dated(fields: Fields, reader: RuleReader) -> tuple[ProgrammeStep, ...]:
    found = (reader.programme(item, line, dated=True) for item, line in fields.items("programmes", "programme steps"))
    return tuple(step for step in found if step is not None)


def _rules(fields: Fields, reader: RuleReader) -> tuple[Rule, ...]:
    seen: dict[str, int | None] = {}
    out = []
    for item, line in fields.items("rules", "rules"):
        if isinstance(item, Mapping) and isinstance(item.get("id"), str):
            if item["id"] in seen:
                fields.note(f"rule '{item['id']}' stands twice; the first is on line {seen[item['id']]}.", line=line)
            seen.setdefault(item["id"], line)
        rule = reader.rule(item, line)
        if rule is not None:
            out.append(rule)
    return tuple(out)


def _bases(fields: Fields, path: Path, layers: _Layers) -> tuple[Strategy, ...]:
    above = layers.above
    out = []
    if len(above) > DEEPEST_BASE and "base" in fields:
        fields.note(f"bases stand on bases more than {DEEPEST_BASE} deep.", "base")
        return ()
    for item, line in fields.items("base", "strategies"):
        if not isinstance(item, str):
            fields.note("'base' names strategies by id or by file.", "base", line=line)
            continue
        below = _base_file(item, path)
        if below is None:
            fields.note(f"base '{item[:200]}' is neither a shipped strategy nor a file beside this one.", line=line,
                        did_you_mean=nearest(item, shipped()))  # fmt: skip
            continue
        if below.resolve() in above:
            ring = " → ".join([*(one.stem for one in above[above.index(below.resolve()) :]), below.stem])
            fields.note(f"the bases go round in a circle: {ring}.", line=line)
            continue
        if below.resolve() not in layers.read:
            layers.read[below.resolve()] = None
            try:
                layers.read[below.resolve()] = _load(below, layers)
            except InputError as error:
                fields.problems.problems += [one for one in error.problems if one.file != str(path)]
        found = layers.read[below.resolve()]
        if found is None:
            fields.note(f"base '{item}' cannot be used.", line=line, cure="Mend that file first.")
        elif found not in out:
            out.append(found)
    return tuple(out)


def _base_file(item: str, path: Path) -> Path | None:
    """A shipped strategy of that id, else a file beside this one, else None."""
    beside = path.parent / item
    try:
        there = kind_of(beside) != "nothing"
    except InputError:  # no name that a file could have
        return None
    if item in shipped() and not there:
        return file_of(item)
    return beside if there else None


def _steps_of(strategy: Strategy) -> tuple[ProgrammeStep, ...]:
    return (*strategy.programmes, *(step for rule in strategy.rules for step in rule.programme_steps))


def _merge(
    fields: Fields,
    below: tuple[Strategy, ...],
    constants: tuple[Constant, ...],
    rules: tuple[Rule, ...],
    dated: tuple[ProgrammeStep, ...],
) -> tuple[tuple[Constant, ...], tuple[Rule, ...], tuple[ProgrammeStep, ...]]:
    """Base layers first, each overlaid by the next: a rule of the same id or a setting of the same lever replaces."""
    drop = _dropped(fields, below)
    all_constants: list[Constant] = []
    all_rules: dict[str, Rule] = {}
    all_steps: list[ProgrammeStep] = []
    for layer in (*((base.constants, base.rules, base.programmes) for base in below), (constants, rules, dated)):
        own = {one.lever for one in layer[0]}
        all_constants = [one for one in all_constants if one.lever not in own] + list(layer[0])
        all_rules.update({rule.id: rule for rule in layer[1]})
        steps = {step.programme for step in layer[2]}
        all_steps = [one for one in all_steps if one.programme not in steps] + list(layer[2])
    kept = tuple(rule for rule in all_rules.values() if rule.id not in drop or rule in rules)
    return tuple(all_constants), kept, tuple(all_steps)


def _dropped(fields: Fields, below: tuple[Strategy, ...]) -> set[str]:
    known = {rule.id for base in below for rule in base.rules}
    drop = set()
    for item, line in fields.items("drop", "rule ids"):
        if item not in known:
            near = nearest(str(item), known)
            cure = None if near else "'drop' takes away rules of the base strategies."
            fields.note(f"there is no rule '{item}' in the base to drop.", line=line, did_you_mean=near, cure=cure)
        drop.add(item)
    return drop


def _names(
    fields: Fields, reader: RuleReader, merged: tuple[Any, tuple[Rule, ...], Any], own: tuple[Rule, ...]
) -> None:
    """Check that the rules which conditions look at are there, in this file and in what is left of its bases."""
    written = [item.get("id") for item, _ in fields.items("rules", "rules") if isinstance(item, Mapping)]
    known = {rule.id for rule in merged[1]} | {name for name in written if isinstance(name, str)}
    for name, label, line in reader.rules_named:
        if name not in known:
            near = nearest(name, known)
            fields.note(f"{label} looks at rule '{name}', but there is no such rule.", line=line, did_you_mean=near)
        elif f"rule '{name}'" in label:
            fields.note(f"{label} looks at itself.", line=line)
    for rule in merged[1]:
        if rule in own:
            continue
        for leaf in (*leaves(rule.when), *leaves(rule.until)):
            if isinstance(leaf, RuleState) and leaf.rule not in known:
                cure = f"Drop '{rule.id}' as well, or write it anew here."
                fields.note(
                    f"rule '{rule.id}' of the base looks at rule '{leaf.rule}', which is dropped.", "drop", cure=cure
                )


__all__ = ["SCHEMA", "check_file", "load_strategy", "load_texts", "parse_strategy"]
