"""A comparison as plain values: the JSON contract, and the fuller ``results.json`` of a run's folder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from borderlab.base.identity import Identity
from borderlab.explore.answers.beliefs import Belief, restricted_ends
from borderlab.explore.answers.findings import Findings
from borderlab.explore.discovery.variables import CATEGORY, Variables
from borderlab.explore.results.comparison import Comparison
from borderlab.explore.results.drawn_values import parameter_rows
from borderlab.explore.results.stability import FEW, Stability


def contract(comparison: Comparison, findings: Findings) -> dict[str, Any]:
    """What ``compare --json`` prints."""
    return {
        "hash": comparison.hash,
        "identity": comparison.identity,
        "set": comparison.inputs.get("set", {}),
        "futures": comparison.drawn,
        "plausible_share": comparison.plausible_share,
        "measures": [
            {
                "measure": one.id,
                "unit": one.unit,
                "better": comparison.better(one.id),
                "strategies": {
                    id_: {
                        "median": standing.median,
                        "p05": standing.p05,
                        "p95": standing.p95,
                        "regret_p90": standing.regret_p90,
                        "regret_max": standing.regret_max,
                        "satisficing": standing.satisficing,
                    }
                    for id_, standing in zip(comparison.ids, comparison.standing[one.id], strict=True)
                },
            }
            for one in comparison.measures
        ],
        "beliefs": [
            belief_json(belief, comparison.variables) for belief in findings.beliefs if belief.verdict == "holds"
        ],
    }


def belief_json(belief: Belief, variables: Variables) -> dict[str, Any]:
    """One belief of the contract. A switch has ``one_of`` in place of numbers; a free end is null."""
    rows = parameter_rows()
    box = []
    for name in belief.box.limits:
        row = rows[name]
        entry: dict[str, Any] = {"parameter": name, "low": None, "high": None, "unit": row.unit, "grade": row.grade}
        if variables.kinds[variables.names.index(name)] == CATEGORY:
            entry["one_of"] = list(belief.box.limits[name])
        else:
            entry["low"], entry["high"] = restricted_ends(belief.box, name, variables)
        box.append(entry)
    score = belief.score
    return {
        "strategy": belief.strategy,
        "over": belief.over,
        "measure": belief.measure,
        "box": box,
        "coverage": score.coverage if score else None,
        "density": score.density if score else None,
        "mass": score.mass if score else None,
        "shares": {"better": belief.base, "neither": belief.neither, "worse": belief.worse},
        "shares_in_box": None
        if score is None
        else {"better": score.density, "neither": belief.neither_inside, "worse": belief.worse_inside},
        "out_of_sample": {**belief.unseen, "reproduced": belief.reproduced, "quasi_p": belief.quasi_p},
    }


def beliefs_json(comparison: Comparison, beliefs: Sequence[Belief], identity: Identity) -> dict[str, Any]:
    """What ``believe --json`` prints. ``identity``: of the answer."""
    return {
        "hash": comparison.hash,
        "futures": comparison.drawn,
        "plausible_share": comparison.plausible_share,
        "beliefs": [
            {**belief_json(one, comparison.variables), "verdict": one.verdict, "share": one.base} for one in beliefs
        ],
        "identity": identity.as_json(),
        "set": dict(comparison.inputs.get("set", {})),
    }


def full(comparison: Comparison, findings: Findings) -> dict[str, Any]:
    """``results.json``: the contract and everything else that the report says."""
    inputs = comparison.inputs
    everything = contract(comparison, findings)
    everything["run"] = {
        "strategies": comparison.ids,
        "titles": {strategy.id: dict(strategy.title) for strategy in comparison.strategies},
        "start": inputs["start"],
        "years": inputs["years"],
        "seed": inputs["seed"],
        "plausible": len(comparison.index),
        "few": len(comparison.index) < FEW,
    }
    everything["expected"] = {
        one.id: {id_: s.expected for id_, s in zip(comparison.ids, comparison.standing[one.id], strict=True)}
        for one in comparison.measures
    }
    everything["ranks"] = {
        one.id: {
            metric: dict(zip(comparison.ids, ranks, strict=True))
            for metric, ranks in comparison.rank_changes[one.id].all_ranks.items()
        }
        for one in comparison.measures
    }
    everything["thresholds"] = {
        name: {"value": value, "basis": basis} for name, (value, basis) in comparison.thresholds.items()
    }
    everything["all_thresholds_met"] = dict(zip(comparison.ids, map(float, comparison.all_met), strict=True))
    everything["dominated_by"] = {
        id_: None if by is None else comparison.ids[by]
        for id_, by in zip(comparison.ids, findings.dominated, strict=True)
    }
    everything["questions"] = [
        {
            "strategy": b.strategy,
            "over": b.over,
            "measure": b.measure,
            "verdict": b.verdict,
            "share": b.base,
            "neither": b.neither,
            "worse": b.worse,
        }
        for b in findings.beliefs
    ]
    everything["stability"] = {name: _stability(comparison, one) for name, one in findings.stability.items()}
    everything["sensitivity"] = {
        measure: {
            id_: [{"parameter": name, "index": index} for name, index in importance.top(10)]
            for id_, importance in by_strategy.items()
        }
        for measure, by_strategy in findings.importance.items()
    }
    if comparison.scores is not None:
        everything["weights"] = dict(comparison.weights)
        everything["weighted_score"] = {
            id_: float(score.mean()) for id_, score in zip(comparison.ids, comparison.scores, strict=True)
        }
    return everything


def _stability(comparison: Comparison, one: Stability) -> dict[str, Any]:
    return {
        "median_width": dict(zip(comparison.ids, map(float, one.width), strict=True)),
        "relative_width": one.relative_width,
        "leader_kept": one.leader_kept,
    }
