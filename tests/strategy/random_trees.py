"""Any strategy: trees of every kind of condition, rule, action, setting and programme step, for property tests."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from borderlab.evidence.tables.lever import levers, sectors
from borderlab.strategy.tree import tree

START = date(2028, 11, 6)  # two changes of president within the weeks that follow
WEEKS = 70
INDICATORS = ("encounters", "gotaways", "mx.route_security", "mx.homicides")
LEVELS = (-1.0, 0.0, 1.0, 2.0)  # readings are drawn from these too, so that they often stand on a bound
PLACES = {"crossing": ("pharr", "world-trade", "hidalgo"), "sector": tuple(sectors())}
LEVERS = (
    "us.tariff",  # coercive
    "us.freight_inspection_share",  # coercive, at crossings
    "us.port_staffing",  # at crossings
    "us.barriers",  # at sectors
    "us.sensors",
    "mx.guard_north",  # up or down from today
    "us.security_aid",
)


def other_levers():
    """The levers with other values of today: some go down only, some at crossings and sectors go both ways."""
    today = {"us.tariff": 0.5, "us.freight_inspection_share": 0.3, "us.port_staffing": 0.5, "us.barriers": 1.0,
             "us.sensors": 0.4}  # fmt: skip
    return {
        name: row.model_copy(update={"default": today[name]}) if name in today else row
        for name, row in levers().items()
    }


holds = st.integers(0, 4)
weeks = st.integers(0, 5)
indicators = st.sampled_from(INDICATORS)
levels = st.sampled_from(LEVELS)
days = st.integers(-30, 7 * WEEKS + 20).map(lambda days: START + timedelta(days=days))


def maybe(values):
    return st.none() | values


thresholds = st.builds(
    tree.Threshold, indicators, st.just(None), levels, holds
) | st.builds(tree.Threshold, indicators, levels, st.none() | st.sampled_from((2.5, 3.0)), holds)  # fmt: skip
changes = st.builds(
    tree.Change, indicators, st.sampled_from(("rises", "falls")), st.sampled_from((0.0, 0.4, 1.0)), st.booleans(),
    st.integers(1, 9), holds,
)  # fmt: skip
periods = st.builds(tree.InPeriod, maybe(days), maybe(days), holds)
presidents = st.builds(tree.LeaderChange, st.sampled_from(("us", "mx", "either")), st.integers(0, 30), holds)


def conditions(rules):
    states = st.builds(
        tree.RuleState, st.sampled_from(rules), st.sampled_from(("threatened", "in force", "ended")), holds
    )
    some = thresholds | thresholds | changes | periods | presidents | states
    return st.recursive(
        some,
        lambda inner: (
            st.builds(tree.AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple), holds)
            | st.builds(tree.AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple), holds)
            | st.builds(tree.Not, inner, holds)
        ),
        max_leaves=6,
    )


def values_of(lever):
    row = levers()[lever]
    return st.sampled_from((row.low, row.high, row.default, (row.low + row.high) / 2, row.low * 0.3 + row.high * 0.7))


def places_of(lever):
    kind = levers()[lever].places
    return st.just(()) if kind is None else st.lists(
        st.sampled_from(PLACES[kind]), max_size=2, unique=True
    ).map(tuple)  # fmt: skip


def actions(known):
    return known.flatmap(
        lambda name: st.builds(tree.LeverAction, st.just(name), values_of(name), places_of(name), weeks)
    )


def constants(known):
    return known.flatmap(
        lambda name: st.builds(
            tree.Constant, st.just(name), values_of(name), places_of(name), maybe(days), maybe(days), weeks
        )
    )


def steps(on):
    return st.builds(
        tree.ProgrammeStep,
        st.sampled_from(("found", "strengthen", "let lapse")),
        st.sampled_from(("group", "plan")),
        st.sampled_from((None, "declaration", "treaty")),
        st.none(),
        on,
    )


lifts = (
    st.just(tree.Lift())
    | st.builds(tree.Lift, st.just("over"), weeks)
    | st.builds(
        tree.Lift,
        st.just("steps"),
        st.just(0),
        st.sampled_from((0.25, 0.5, 1.0)),
        st.sampled_from((0.5, 1.0)),
        indicators,
        st.sampled_from(("rises", "falls")),
        st.booleans(),
    )
)  # fmt: skip
threats = st.builds(tree.Threat, st.integers(1, 4), st.booleans(), st.booleans())


@st.composite
def strategies(draw):
    """A strategy of up to five rules."""
    ids = tuple(f"rule-{number}" for number in range(draw(st.integers(0, 5))))
    rules = []
    for name in ids:
        moves = draw(st.lists(actions(st.sampled_from(LEVERS)), max_size=3))
        does = draw(st.lists(steps(st.none()), min_size=0 if moves else 1, max_size=2))
        rules.append(
            tree.Rule(
                id=name,
                when=draw(conditions(ids)),
                do=tuple(moves + does),
                until=draw(maybe(conditions(ids))),
                threaten=draw(maybe(threats)) if moves else None,  # programmes cannot be threatened
                lift=draw(lifts),
                at_least_weeks=draw(weeks),
                at_most_weeks=draw(maybe(st.integers(1, 9))),
                rest_weeks=draw(weeks),
                at_most_times=draw(maybe(st.integers(1, 3))),
            )
        )
    return tree.Strategy(
        id="any",
        title={},
        gist={},
        constants=tuple(draw(st.lists(constants(st.sampled_from(LEVERS)), max_size=3))),
        rules=tuple(rules),
        programmes=tuple(draw(st.lists(steps(maybe(days)), max_size=2))),
    )
