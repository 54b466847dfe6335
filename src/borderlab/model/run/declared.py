"""What the model and the crossings declare of each name, for ``borderlab why``: modules that read it, what it moves.

Worked out from the declarations of the modules and their equations, once for a version of code and tables, and kept in
the user's cache, because to load the model takes longer than an answer may.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from borderlab.base.identity import hash_of
from borderlab.base.inputfile import read_json
from borderlab.base.places import cache_home
from borderlab.base.problems import InputError
from borderlab.base.safefile import whole_file
from borderlab.evidence.provenance.declared import Declarations, Declared
from borderlab.evidence.tables.laid import content as laid

if TYPE_CHECKING:
    from borderlab.evidence.tables.reads import Reads
    from borderlab.model.core.world import World

_PACKAGE = Path(__file__).resolve().parents[2]
_FORM = 2
_MOST_BYTES = 50_000_000


@cache
def declarations() -> Declarations:
    """What is declared of everything by this version; from the cache where it is kept there."""
    path = cache_home() / f"declared-{_content()}.json"
    try:
        return Declarations.from_json(read_json(path, most=_MOST_BYTES))
    except (InputError, ValueError, KeyError, TypeError, AttributeError):
        pass  # not kept yet, or damaged: gathered anew
    found = gathered()
    try:
        with whole_file(path) as part:
            part.write_text(json.dumps(found.as_json()), encoding="utf-8")
    except (OSError, InputError):
        pass  # a cache that cannot be written costs time alone
    return found


def _content() -> str:
    """The hash of the package's files by name, size and time of change: to read them all takes too long."""
    kept = (".py", ".csv", ".yaml", ".yml", ".json")
    stats = [
        (path.relative_to(_PACKAGE).as_posix(), path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(_PACKAGE.rglob("*"))
        if path.suffix in kept
    ]
    return hash_of([_FORM, str(_PACKAGE), stats, laid()])


def gathered(world: World | None = None) -> Declarations:
    """What is declared of every parameter, switch, lever and indicator.

    Args:
        world: of which modules; None takes the shipped ones.
    """
    from borderlab.evidence.tables.lever import effect_pairs, levers
    from borderlab.evidence.tables.parameter import parameters
    from borderlab.model.border.approximation import PARAMETERS
    from borderlab.model.run.influence import influences, measure_ids
    from borderlab.model.run.worlds import today

    own = world or today()
    said = influences(own)
    sizes: dict[str, list[str]] = {}
    for pair in effect_pairs():
        sizes.setdefault(pair.parameter, []).append(pair.lever)
    declared: dict[str, Declared] = {}
    movers: dict[str, list[str]] = {}
    for id_, row in parameters().items():
        node = f"switch:{id_}" if row.distribution == "choice" else f"parameter:{id_}"
        modules = said.readers(node)
        if id_ in PARAMETERS:
            modules.append("model.border.approximation")
        moves, near = list(said.moves(node)), list(said.directly(node))
        for measure in moves:
            movers.setdefault(measure, []).append(id_)
        for reads in readings():
            if id_ in reads.reach:
                modules.append(reads.module)
                moves += reads.reach[id_]
                near += reads.reach[id_]
        declared[id_] = Declared(
            modules=_once(modules),
            levers=tuple(sizes.get(id_, ())),
            moves=_once(moves),
            moves_directly=_once(near),
        )
    set_ = {
        id_: Declared(
            modules=_once(said.readers(f"lever:{id_}")),
            moves=said.moves(f"lever:{id_}"),
            moves_directly=said.directly(f"lever:{id_}"),
        )
        for id_ in levers()
    }
    for id_, row_ in set_.items():
        for measure in row_.moves:
            movers.setdefault(measure, []).append(id_)

    def module_of(measure: str) -> str:
        return own.measures[measure][0].module.__module__.removeprefix("borderlab.")

    measured = {
        id_: Declared(
            modules=(module_of(id_),),
            moved_by=_nearest_first(movers.get(id_, []), module_of(id_), declared),
        )
        for id_ in measure_ids(own)
    }
    return Declarations({"parameter": declared, "lever": set_, "indicator": measured})


def readings() -> tuple[Reads, ...]:
    """What the modules of the crossings and of what is observed declare that they read of the register."""
    from borderlab.crossings.border import baseline, cost
    from borderlab.crossings.fitting import estimate
    from borderlab.crossings.scenarios import force
    from borderlab.crossings.surfaces import pattern
    from borderlab.observe.importers import waits

    return tuple(module.READS for module in (baseline, cost, force, pattern, estimate, waits))


def _nearest_first(movers: list[str], module: str, declared: dict[str, Declared]) -> tuple[str, ...]:
    """Parameters that the measure's own module reads first, then the others and levers, each in table order."""
    near = {id_ for id_ in movers if id_ in declared and module in declared[id_].modules}
    return tuple(sorted(dict.fromkeys(movers), key=lambda id_: id_ not in near))


def _once(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
