"""Where a part of a scenario file holds: its crossings and its lane classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from borderlab.base.problems import InputError
from borderlab.crossings.border.places import LANE_CLASSES, MODE_OF, MODES, lanes, resolve
from borderlab.crossings.scenarios.fields import ScenarioFields
from borderlab.crossings.scenarios.restriction import RestrictionKind


def crossings_at(fields: ScenarioFields, node: Mapping[str, Any]) -> tuple[str, ...]:
    """The crossings that ``at`` names, by themselves or by port or region."""
    if "at" not in node or node["at"] is None or node["at"] == []:
        if not fields.meant(node, "at"):
            fields.add("'at' is missing.", node, cure="Name crossings, ports, regions, or 'all'.")
        return ()
    found: dict[str, None] = {}
    for word, line in fields.listed(node, "at"):
        try:
            found |= dict.fromkeys(resolve(str(word)))
        except InputError as error:
            for problem in error.problems:
                fields.problems.add(problem.cause, line=line, cure=problem.cure, did_you_mean=problem.did_you_mean)
    return tuple(found)


def crossings_with_programme(
    fields: ScenarioFields, node: Mapping[str, Any], crossings: tuple[str, ...], lane: str
) -> tuple[str, ...]:
    """The crossings that have the programme's lane; one that is named and has none is a fault."""
    having = {row.crossing for row in lanes() if row.lane == lane}
    for word, line in fields.listed(node, "at"):
        if word in crossings and word not in having:
            fields.problems.add(f"'{word}' has no lane of {lane}.", line=line, cure="See 'borderlab crossings list'.")
    kept = tuple(name for name in crossings if name in having)
    if crossings and not kept and not any(word in crossings for word, _ in fields.listed(node, "at")):
        fields.add(f"no crossing chosen here has a lane of {lane}.", node, "at", cure="See 'borderlab crossings list'.")
    return kept


def lane_classes_of(
    fields: ScenarioFields, node: Mapping[str, Any], crossings: tuple[str, ...], kind: RestrictionKind | None
) -> tuple[str, ...]:
    """The lane classes there that ``mode`` and ``lane`` choose; all that the kind is for where neither is given."""
    modes = fields.choice(node, "mode", MODES, "mode")
    lane = fields.choice(node, "lane", LANE_CLASSES, "lane class")
    if modes is None or lane is None:
        return ()
    only = (kind.mode,) if kind and kind.mode else MODES
    if kind and kind.mode and modes and modes != only:
        fields.add(f"'{kind.name}' is for {kind.mode}s only.", node, "mode")
        return ()
    chosen = [name for name in LANE_CLASSES if MODE_OF[name] in (modes or only) and (not lane or name in lane)]
    for name in lane:
        if modes and MODE_OF[name] not in modes:
            fields.add(f"the lane class '{name}' is not of mode {' or '.join(modes)}.", node, "lane")
            return ()
    there = {row.lane for row in lanes() if row.crossing in crossings}
    if crossings and not there & set(chosen):
        fields.add(
            f"no crossing chosen here has lanes of {', '.join(chosen)}.",
            node,
            "at",
            cure="See 'borderlab crossings list'.",
        )
        return ()
    return tuple(name for name in chosen if name in there)
