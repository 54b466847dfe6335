"""Parameters as modules ask for them: each option of a switch does what its row says, by hand, and nothing else."""

import numpy as np
import pytest

from borderlab.evidence.tables.lever import levers
from borderlab.model.futures.futures import draw_futures, drawn_parameters, model_parameters
from borderlab.model.futures.settings import Settings, known, variants
from borderlab.model.run.worlds import today

# What each option does, written down apart from the table: parameter -> what becomes of the value drawn. Figures of
# variants (variant.fast …) are drawn themselves.
DONE = {
    ("institutions", "fragile"): {"xi": "variant.fragile_xi", "bI": "variant.fragile_bI"},
    ("institutions", "durable"): {
        "xi": "variant.durable_xi",
        "bI": "variant.durable_bI",
        "aI": "variant.durable_aI",
    },
    ("reputation", "off"): {"R0": lambda value, of: 1.0, "aR": lambda value, of: 0.0},
    ("backlash", "none"): {"gF": lambda value, of: 0.0, "dc": lambda value, of: 0.0, "rally": lambda value, of: 0.0},
    ("backlash", "damps"): {"rally": lambda value, of: 0.0},
    ("coercion_and_institutions", "neutral"): {"cx": lambda value, of: 0.0},
    ("coercion_and_institutions", "crowds-out"): {"cx": lambda value, of: -value},
    ("diversification", "off"): {"divert": lambda value, of: 0.0},
    ("pressure_and_capacity", "off"): {"weaken": lambda value, of: 0.0},
    ("adaptation", "fast"): {"lK": lambda value, of: np.minimum(value * of("variant.fast"), of("variant.most_learnt"))},
    ("adaptation", "slow"): {"lK": lambda value, of: value / of("variant.fast")},
    ("extortion", "off"): {"psi": lambda value, of: 0.0},
    ("us_measures", "dominant"): {"eU": lambda value, of: value * of("variant.dominant")},
    ("us_measures", "absent"): {"eU": lambda value, of: 0.0},
    ("capacity", "unwilling"): {"e0": "variant.unwilling_e0", "cap": lambda value, of: 1.0},
    ("capacity", "open"): {"cap": lambda value, of: 1.0},
    ("force_and_violence", "lowers"): {"org.violence": lambda value, of: -value},
    ("force_and_violence", "neither"): {"org.violence": lambda value, of: 0.0},
    ("us_policy_2029", "kept"): {"mig.relaxed": lambda value, of: 0.0},
}
SWITCHES = {id_: tuple(row.options()) for id_, row in drawn_parameters().items() if row.distribution == "choice"}
CASES = [(switch, option) for switch, options in SWITCHES.items() for option in options]
DRAWN = draw_futures(16, 2)


def untouched(switch: str) -> str:
    """An option of a switch that changes nothing."""
    return next(option for option in SWITCHES[switch] if (switch, option) not in DONE)


PLAIN = DRAWN.replace({switch: untouched(switch) for switch in SWITCHES})


def test_every_row_of_the_table_is_written_down_here():
    assert {(row.switch, row.option, row.parameter) for row in variants()} == {
        (*case, id_) for case, changes in DONE.items() for id_ in changes
    }


@pytest.mark.parametrize(("switch", "option"), CASES)
def test_an_option_does_what_it_says_and_nothing_else(switch, option):
    plain, chosen = Settings(PLAIN), Settings(PLAIN.replace({switch: option}))
    changes = DONE.get((switch, option), {})
    for id_, row in model_parameters().items():
        if row.distribution == "choice":
            continue
        drawn = plain.array(id_)
        change = changes.get(id_)
        if change is None:
            expected = drawn
        elif isinstance(change, str):
            expected = plain.array(change)
        else:
            expected = np.broadcast_to(change(drawn, plain.array), drawn.shape)
        assert chosen.array(id_) == pytest.approx(expected, rel=1e-15), id_
    for id_ in changes:
        assert not np.array_equal(chosen.array(id_), plain.array(id_)), f"{id_} would be the same anyway"


def test_an_option_changes_the_futures_that_have_it_alone():
    """Drawn switches: every future has the values that it would have if all had its options."""
    mixed = Settings(DRAWN)
    for switch, options in SWITCHES.items():
        assert len({int(code) for code in DRAWN.codes[switch]}) > 1 or len(options) == 1, switch
    for place in range(0, DRAWN.n, 5):
        alone = Settings(DRAWN.take(slice(place, place + 1)))
        for id_, row in model_parameters().items():
            if row.distribution != "choice":
                assert mixed.array(id_)[place] == alone.array(id_)[0], id_


def test_where_no_option_touches_it_a_parameter_is_what_was_drawn():
    found = Settings(PLAIN)
    for id_, value in PLAIN.values.items():
        assert np.array_equal(found.array(id_), value), id_


def test_references_to_bounds_to_today_and_to_options():
    found = Settings(DRAWN)
    row = model_parameters()["e0"]
    assert (found["e0@low"], found["e0@high"]) == (row.low, row.high) == (0.05, 0.4)
    assert found["mx.senior_vetting@today"] == levers()["mx.senior_vetting"].default
    chosen = found["capacity:unwilling"]
    assert set(np.unique(chosen)) <= {0.0, 1.0}
    assert np.array_equal(chosen == 1.0, DRAWN.chosen("capacity", "unwilling"))
    assert isinstance(found["today.fee"], float | np.ndarray)


def test_what_is_asked_for_twice_is_not_changed_by_who_asked():
    found = Settings(DRAWN)
    found.array("kc")[:] = 9.0
    assert np.array_equal(found.array("kc"), DRAWN.values["kc"])


def test_every_parameter_that_a_module_reads_is_known_and_nothing_else_is():
    assert all(known(reference) for reference in today().parameters)
    for reference in ("kcc", "e00@low", "mx.nothing@today", "capacity:unwilled", "capacities:open"):
        assert not known(reference), reference
