"""What a strategy can reach: levers, crossings, indicators, without running it."""

from __future__ import annotations

from borderlab.evidence.tables.lever import levers
from borderlab.strategy.tree.tree import Strategy, indicators_of


def restricted_crossings(strategy: Strategy) -> dict[str, list[str]]:
    """Crossing ids that a rule or setting can restrict or speed up, each with those rules (``levers`` for settings).

    An action with no place reaches every crossing.
    """
    from borderlab.crossings.border.places import crossings

    every = tuple(row.id for row in crossings())
    found: dict[str, list[str]] = {}
    uses = [("levers", one.lever, one.at) for one in strategy.constants]
    uses += [(rule.id, one.lever, one.at) for rule in strategy.rules for one in rule.lever_actions]
    for rule_id, lever, at in uses:
        if levers()[lever].surface_kind is None:
            continue
        for crossing in at or every:
            rules = found.setdefault(crossing, [])
            if rule_id not in rules:
                rules.append(rule_id)
    return found


def levers_of(strategy: Strategy) -> tuple[str, ...]:
    """Levers that it can move, each once."""
    uses = [one.lever for one in strategy.constants]
    uses += [one.lever for rule in strategy.rules for one in rule.lever_actions]
    return tuple(dict.fromkeys(uses))


def indicators_read(strategy: Strategy) -> tuple[str, ...]:
    """Indicators that its rules read, each once."""
    names: list[str] = []
    for rule in strategy.rules:
        names += [*indicators_of(rule.when), *indicators_of(rule.until)]
        if rule.lift.indicator is not None:
            names.append(rule.lift.indicator)
    return tuple(dict.fromkeys(names))
