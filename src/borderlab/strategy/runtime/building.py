"""From a checked strategy and a calendar to the flat arrays of :mod:`borderlab.strategy.runtime.program`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from borderlab.evidence.tables.lever import Lever, levers, sectors
from borderlab.strategy.runtime import program as p
from borderlab.strategy.runtime.calendar import Calendar
from borderlab.strategy.runtime.program import Act, Ints, Layout, Measures, Plans, Program, Reals, Signals, Slot
from borderlab.strategy.tree.tree import (
    AllOf,
    AnyOf,
    Change,
    Condition,
    Constant,
    InPeriod,
    LeaderChange,
    LeverAction,
    Not,
    ProgrammeStep,
    Rule,
    RuleState,
    Strategy,
    Threshold,
    indicators_of,
    leaves,
)

_NONE = -1
_ASKED = {"threatened": p.IS_THREATENED, "in force": p.IS_IN_FORCE, "ended": p.HAS_ENDED}


def build(strategy: Strategy, calendar: Calendar) -> tuple[Program, Layout]:
    """The strategy as arrays for compiled code, and what their columns stand for."""
    rules = strategy.rules
    watched = tuple(watched_of(rule) for rule in rules)
    seen = tuple(dict.fromkeys(name for names in watched for name in names))
    touched = tuple(
        dict.fromkeys(
            [one.lever for one in strategy.constants] + [one.lever for rule in rules for one in rule.lever_actions]
        )
    )
    at_sectors = tuple(name for name in touched if levers()[name].places == "sector")
    layout = Layout(
        rules=tuple(rule.id for rule in rules),
        seen=seen,
        watched=watched,
        touched=touched,
        at_sectors=at_sectors,
        sectors=tuple(sectors()),
        slots=_slots(strategy, calendar),
        acts=_acts(strategy),
        calendar=calendar,
    )
    nodes = _Nodes(rules, layout)
    program = Program(
        signals=Signals(**nodes.arrays()),
        plans=Plans(**_rules(strategy, layout, nodes), **_dated(strategy, layout)),
        measures=Measures(**_actions(strategy, layout), **_settings(strategy, layout)),
        sizes=_ints([len(layout.slots), len(layout.acts), nodes.ring_places]),
    )
    return program, layout


def watched_of(rule: Rule) -> tuple[str, ...]:
    """The indicators that a rule reads, each once."""
    extra = (rule.lift.indicator,) if rule.lift.indicator is not None else ()
    return tuple(dict.fromkeys((*indicators_of(rule.when), *indicators_of(rule.until), *extra)))


def _ints(values: Any, columns: int | None = None) -> Ints:
    array = np.array(list(values), dtype=np.int32)
    return array if columns is None else array.reshape(-1, columns)


def _reals(values: Any, columns: int | None = None) -> Reals:
    array = np.array(list(values), dtype=np.float64)
    return array if columns is None else array.reshape(-1, columns)


def _slots(strategy: Strategy, calendar: Calendar) -> tuple[Slot, ...]:
    always = (0, calendar.weeks)
    uses: list[tuple[str, int, Constant | LeverAction, tuple[int, int]]] = [
        ("levers", _NONE, one, calendar.span(one.start, one.end)) for one in strategy.constants
    ]
    uses += [(rule.id, r, one, always) for r, rule in enumerate(strategy.rules) for one in rule.lever_actions]
    return tuple(
        Slot(name, r, one.lever, kind, one.at, weeks)
        for name, r, one, weeks in uses
        if (kind := levers()[one.lever].surface_kind) is not None
    )


def _acts(strategy: Strategy) -> tuple[Act, ...]:
    steps: list[tuple[ProgrammeStep, str | None, int]] = [
        (step, rule.id, r) for r, rule in enumerate(strategy.rules) for step in rule.programme_steps
    ]
    steps += [(step, None, _NONE) for step in strategy.programmes]
    return tuple(Act(step.action, step.programme, step.form, name, r) for step, name, r in steps)


@dataclass
class _Joint:
    op: int
    parts: list[int]
    below: int
    hold: int
    ready: bool


@dataclass
class _Nodes:
    """All conditions of a strategy: leaves, each different one once, then those that are made of others."""

    rules: Sequence[Rule]
    layout: Layout
    leaves: list[Condition] = field(default_factory=list)
    joints: list[_Joint] = field(default_factory=list)

    def __post_init__(self) -> None:
        conditions = [one for rule in self.rules for one in (rule.when, rule.until) if one is not None]
        found = list(dict.fromkeys(leaf for one in conditions for leaf in leaves(one)))
        order = {name: column for column, name in enumerate(self.layout.seen)}
        found.sort(key=lambda leaf: order[leaf.indicator] if isinstance(leaf, Threshold) else len(order))
        self.leaves = found
        self._place = {leaf: place for place, leaf in enumerate(found)}
        self._rings = self._make_rings(order)
        self._dates: list[NDArray[np.uint8]] = []
        self._users: dict[int, dict[int, None]] = {}  # the rules that a node is part of
        self.roots = [(self._node(rule.when, r), self._node(rule.until, r)) for r, rule in enumerate(self.rules)]

    def _make_rings(self, order: dict[str, int]) -> dict[str, tuple[int, int, int]]:
        """For each indicator whose changes are watched: its column, first place and mask."""
        back: dict[str, int] = {}
        for leaf in self.leaves:
            if isinstance(leaf, Change):
                back[leaf.indicator] = max(back.get(leaf.indicator, 0), leaf.over_weeks)
        self.ring_places, rings = 0, {}
        for name, weeks in back.items():
            size = 1 << weeks.bit_length()  # a power of two above the weeks: a place is found without division
            rings[name] = (order[name], self.ring_places, size - 1)
            self.ring_places += size
        return rings

    def _node(self, condition: Condition | None, r: int) -> int:
        """The number of a condition of a rule; parts come before what is made of them."""
        if condition is None:
            return _NONE
        if not isinstance(condition, AllOf | AnyOf | Not):
            self._users.setdefault(self._place[condition], {})[r] = None
            return self._place[condition]
        below = len(self.joints)
        parts = [self._node(one, r) for one in ((condition.part,) if isinstance(condition, Not) else condition.parts)]
        hold = _hold(condition)
        op = p.NOT if isinstance(condition, Not) else p.ALL_OF if isinstance(condition, AllOf) else p.ANY_OF
        if hold > 0:  # counted every week, and so are the joints that it is made of
            for joint in self.joints[below:]:
                joint.ready = True
        self.joints.append(_Joint(op, parts, below, hold, hold > 0))
        node = len(self.leaves) + len(self.joints) - 1
        self._users[node] = {r: None}
        return node

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The parts of a :class:`Program` that hold conditions."""
        rows, bounds = [], []
        for leaf in self.leaves:
            row, pair = self._leaf(leaf)
            rows.append(row)
            bounds.append(pair)
        ready = [len(rows) + number for number, joint in enumerate(self.joints) if joint.ready]
        parts: list[int] = []
        joints = []
        for joint in self.joints:
            joints.append([joint.op, len(parts), len(parts) + len(joint.parts), joint.below, joint.ready])
            parts += joint.parts
        holds = [_hold(leaf) for leaf in self.leaves] + [joint.hold for joint in self.joints]
        looks = [self._looks(rule.id) for rule in self.rules]
        ends = np.cumsum([len(one) for one in looks], dtype=int)
        weeks = self.layout.calendar.weeks
        dates = np.array(self._dates, dtype=np.uint8).reshape(-1, weeks).T
        woken: list[tuple[int, int]] = []
        wakes: list[int] = []
        for node in range(len(holds)):
            woken.append((len(wakes), len(wakes) + len(self._users[node])))
            wakes += self._users[node]
        return {
            "spans": self._spans(),
            "leaves": _ints(rows, 8),
            "bounds": _reals(bounds, 2),
            "holds": _ints(holds),
            "joints": _ints(joints, 5),
            "parts": _ints(parts),
            "held": _ints(number for number, row in enumerate(rows) if row[p.KIND] == p.HELD_CHANGE),
            "ready": _ints(ready),
            "woken": _ints(woken, 2),
            "wakes": _ints(wakes),
            "looked": _ints(zip(ends - [len(one) for one in looks], ends, strict=True), 2),
            "looks": _ints(leaf for one in looks for leaf in one),
            "rings": _ints(self._rings.values(), 3),
            "dates": np.ascontiguousarray(dates),
            "turns": _turns(dates),
        }

    def _looks(self, rule_id: str) -> list[int]:
        """The leaves that look at a rule."""
        return [k for k, leaf in enumerate(self.leaves) if isinstance(leaf, RuleState) and leaf.rule == rule_id]

    def _spans(self) -> Ints:
        spans = []
        for name in self.layout.seen:
            mine = [k for k, leaf in enumerate(self.leaves) if isinstance(leaf, Threshold) and leaf.indicator == name]
            spans.append((mine[0], mine[-1] + 1) if mine else (0, 0))
        return _ints(spans, 2)

    def _leaf(self, leaf: Condition) -> tuple[list[int], tuple[float, float]]:
        """A row of ``leaves`` and of ``bounds``."""
        row, bounds = [0] * 8, (np.nan, np.nan)
        if isinstance(leaf, Threshold):
            row[p.KIND], row[p.COLUMN] = p.THRESHOLD, self.layout.seen.index(leaf.indicator)
            bounds = (np.nan if leaf.above is None else leaf.above, np.nan if leaf.below is None else leaf.below)
        elif isinstance(leaf, Change):
            row[p.KIND] = p.HELD_CHANGE if _hold(leaf) else p.CHANGE
            row[p.COLUMN], row[p.RING], row[p.RING_MASK] = self._rings[leaf.indicator]
            row[p.OVER], row[p.FALLS], row[p.RELATIVE] = leaf.over_weeks, leaf.sense == "falls", leaf.relative
            bounds = (leaf.amount, np.nan)
        elif isinstance(leaf, RuleState):
            row[p.KIND], row[p.COLUMN] = p.OF_RULE, self.layout.rules.index(leaf.rule)
            row[p.ASKED] = _ASKED[leaf.state]
        else:
            row[p.KIND], row[p.COLUMN] = p.DATES, len(self._dates)
            self._dates.append(_weeks_of(leaf, self.layout.calendar))
        return row, bounds


def _hold(condition: Condition) -> int:
    """Weeks in a row after the first that it must hold."""
    return max(condition.held_weeks - 1, 0)


def _weeks_of(leaf: Condition, calendar: Calendar) -> NDArray[np.uint8]:
    """The weeks in which a condition on dates or presidents holds, its own hold counted."""
    weeks = np.arange(calendar.weeks)
    if isinstance(leaf, InPeriod):
        now = np.ones(len(weeks), dtype=bool)
        if leaf.after is not None:
            now &= weeks >= calendar.week_of(leaf.after)
        if leaf.before is not None:
            now &= weeks < calendar.week_of(leaf.before)
    else:
        assert isinstance(leaf, LeaderChange)
        within = max(leaf.within_weeks, 1)
        now = np.zeros(len(weeks), dtype=bool)
        week = len(weeks) - 1
        while week >= 0 and (since := calendar.since_change(week, leaf.country)) is not None:  # from change to change
            now[max(week - since, 0) : max(week - since + within, 0)] = True
            week -= since + 1
    last_not = np.maximum.accumulate(np.where(now, -1, weeks)) if len(weeks) else weeks
    return (now & (weeks - last_not > _hold(leaf))).astype(np.uint8)


def _turns(dates: NDArray[np.uint8]) -> Ints:
    """For each week and column, the next week with another value."""
    weeks, columns = dates.shape
    turns = np.full((weeks, columns), p.NEVER, dtype=np.int32)
    for column in range(columns):
        changes = np.flatnonzero(dates[1:, column] != dates[:-1, column]) + 1
        place = np.searchsorted(changes, np.arange(weeks), side="right")
        turns[:, column] = np.append(changes, p.NEVER)[place]
    return turns


def _rules(strategy: Strategy, layout: Layout, nodes: _Nodes) -> dict[str, NDArray[Any]]:
    """Plans of the rules, what their logs keep, and the levers that each moves."""
    column = {name: place for place, name in enumerate(layout.seen)}
    wide = max((len(names) for names in layout.watched), default=0)
    watched = np.full((len(layout.rules), wide), _NONE, dtype=np.int32)
    plans: list[dict[int, int]] = []
    lifting: list[tuple[float, float, float]] = []
    orders = 0
    for r, rule in enumerate(strategy.rules):
        watched[r, : len(layout.watched[r])] = [column[name] for name in layout.watched[r]]
        mine = len(rule.lever_actions)
        acts = [number for number, act in enumerate(layout.acts) if act.rule == r]
        ramp = max((one.over_weeks for one in rule.lever_actions), default=0)
        plans.append(
            {
                p.WHEN: nodes.roots[r][0],
                p.UNTIL: nodes.roots[r][1],
                p.THREAT_WEEKS: _NONE if rule.threaten is None else rule.threaten.weeks,
                p.CARRY_OUT: rule.threaten is None or rule.threaten.carry_out,
                p.AT_LEAST: rule.at_least_weeks,
                p.AT_MOST: _NONE if rule.at_most_weeks is None else rule.at_most_weeks,
                p.REST_WEEKS: rule.rest_weeks,
                p.AT_MOST_TIMES: _NONE if rule.at_most_times is None else rule.at_most_times,
                p.FADE_WEEKS: rule.lift.weeks if rule.lift.style == "over" else 0,
                p.IN_STEPS: rule.lift.style == "steps",
                p.SNAP_BACK: rule.lift.snap_back,
                p.MOMENTARY: not rule.lever_actions,
                p.FOLLOWED: _NONE if rule.lift.indicator is None else column[rule.lift.indicator],
                p.COERCIVE: any(levers()[one.lever].coercive for one in rule.lever_actions),
                p.OPENLY: rule.threaten is not None and rule.threaten.public,
                p.LONGEST_RAMP: ramp if ramp > 1 else 0,
                p.FIRST_ORDER: orders,
                p.LAST_ORDER: orders + mine,
                p.FIRST_ACT: acts[0] if acts else 0,
                p.LAST_ACT: acts[-1] + 1 if acts else 0,
            }
        )
        orders += mine
        lifting.append((rule.lift.step, rule.lift.per or 1.0, 1.0 if rule.lift.sense == "rises" else -1.0))
    return {
        "rules": _ints(([plan[key] for key in range(p.RULE_COLUMNS)] for plan in plans), p.RULE_COLUMNS),
        "lifting": _reals(lifting, 3),
        "watched": watched,
    }


def _actions(strategy: Strategy, layout: Layout) -> dict[str, NDArray[Any]]:
    """What rules do with levers, lever by lever."""
    slots = iter(number for number, slot in enumerate(layout.slots) if slot.rule >= 0)
    settled = {one.lever for one in strategy.constants}
    uses: dict[str, list[tuple[int, list[int], float]]] = {name: [] for name in layout.touched}
    for r, rule in enumerate(strategy.rules):
        for one in rule.lever_actions:
            lever = levers()[one.lever]
            slot = next(slots) if lever.surface_kind is not None else _NONE
            row = [r, layout.touched.index(one.lever), one.over_weeks, slot, _sector_bits(lever, one.at, layout), 0]
            uses[one.lever].append((sum(map(len, uses.values())), row, one.to - lever.default))
    actions: list[tuple[int, list[int], float]] = []
    rows = []
    for name in layout.touched:
        lever = levers()[name]
        at = layout.at_sectors.index(name) if name in layout.at_sectors else _NONE
        rows.append([at, len(actions), len(actions) + len(uses[name]), _further(lever)])
        if len(uses[name]) == 1 and at == _NONE and name not in settled:
            uses[name][0][1][p.ALONE] = 1
        actions += uses[name]
    return {
        "levers": _ints(rows, 4),
        "defaults": _reals(levers()[name].default for name in layout.touched),
        "actions": _ints((row for _, row, _ in actions), 6),
        "reach": _reals(reach for _, _, reach in actions),
        "orders": _ints(sorted(range(len(actions)), key=lambda place: actions[place][0])),
    }


def _further(lever: Lever) -> int:
    if lever.default <= lever.low:
        return p.UPWARD
    return p.DOWNWARD if lever.default >= lever.high else p.EITHER_SIDE


def _sector_bits(lever: Lever, at: Iterable[str], layout: Layout) -> int:
    if lever.places != "sector":
        return 0
    places = [layout.sectors.index(one) for one in at] or range(len(layout.sectors))
    return sum(1 << place for place in places)


def _settings(strategy: Strategy, layout: Layout) -> dict[str, NDArray[Any]]:
    """What settings without rule put in force; one row for each stretch of weeks in which none of them changes."""
    weeks = layout.calendar.weeks
    shares = np.array([_shares(one, layout.calendar) for one in strategy.constants]).reshape(-1, weeks)
    if weeks:
        starts = np.flatnonzero(np.any(shares[:, 1:] != shares[:, :-1], axis=0)) + 1
        first = np.concatenate([[0], starts])
        row_of = np.zeros(weeks, dtype=np.int32)
        row_of[starts] = 1
        row_of = np.cumsum(row_of, dtype=np.int32)
    else:
        first, row_of = np.zeros(0, dtype=int), np.zeros(0, dtype=np.int32)
    shares = shares[:, first]
    defaults = _reals(levers()[name].default for name in layout.touched)
    settled = np.repeat(defaults[None, :], len(first), axis=0)
    at_sectors = np.array([levers()[name].default for name in layout.at_sectors])
    by_sector = np.repeat(np.repeat(at_sectors[None, :, None], len(first), axis=0), len(layout.sectors), axis=2)
    slots = []
    for constant, share in zip(strategy.constants, shares, strict=True):
        lever = levers()[constant.lever]
        value = np.where(share > 0, lever.default + (constant.value - lever.default) * share, lever.default)
        place = layout.touched.index(constant.lever)
        if lever.places == "sector":
            row = layout.at_sectors.index(constant.lever)
            for sector in [layout.sectors.index(one) for one in constant.at] or range(len(layout.sectors)):
                by_sector[:, row, sector] = _furthest(by_sector[:, row, sector], value, lever)
        else:
            settled[:, place] = _furthest(settled[:, place], value, lever)
        if lever.surface_kind is not None:
            slots.append(value - lever.default)
    for row, name in enumerate(layout.at_sectors):
        total = np.zeros(len(first))
        for sector in range(len(layout.sectors)):  # in the order in which the kernel adds them
            total += by_sector[:, row, sector]
        settled[:, layout.touched.index(name)] = total / len(layout.sectors)
    changed = np.zeros(settled.shape, dtype=bool)  # from the row before
    changed[1:] = settled[1:] != settled[:-1]
    for row, name in enumerate(layout.at_sectors):
        changed[1:, layout.touched.index(name)] |= (by_sector[1:, row] != by_sector[:-1, row]).any(axis=1)
    ends = np.cumsum(changed.sum(axis=1))
    return {
        "settled_of": row_of,
        "settled": settled,
        "settled_sectors": np.ascontiguousarray(by_sector),
        "settled_slots": np.ascontiguousarray(np.array(slots, dtype=np.float64).reshape(-1, len(first)).T),
        "renewed": np.stack([ends - changed.sum(axis=1), ends], axis=1).astype(np.int32),
        "settled_levers": np.nonzero(changed)[1].astype(np.int32),
    }


def _furthest(first: Reals, second: Reals, lever: Lever) -> Reals:
    """Elementwise, the value further from today's."""
    kind = _further(lever)
    if kind == p.UPWARD:
        return np.maximum(first, second)
    if kind == p.DOWNWARD:
        return np.minimum(first, second)
    return np.where(np.abs(second - lever.default) > np.abs(first - lever.default), second, first)


def _shares(constant: Constant, calendar: Calendar) -> Reals:
    """How much of a dated setting holds in each week, 0..1."""
    first, end = calendar.span(constant.start, constant.end)
    weeks = np.arange(calendar.weeks)
    over = constant.over_weeks
    share = np.minimum((weeks - first + 1) / over, 1.0) if over > 1 else np.ones(len(weeks))
    return np.where((first <= weeks) & (weeks < end), share, 0.0)


def _dated(strategy: Strategy, layout: Layout) -> dict[str, NDArray[Any]]:
    """Dated steps with programmes; one dated before the start is done in the first week."""
    calendar = layout.calendar
    on = [_NONE] * (len(layout.acts) - len(strategy.programmes))
    on += [_NONE if one.on is None else max(calendar.week_of(one.on), 0) for one in strategy.programmes]
    due = np.zeros(calendar.weeks, dtype=np.uint8)
    due[[week for week in on if 0 <= week < calendar.weeks]] = 1
    return {"act_weeks": _ints(on), "due": due}
