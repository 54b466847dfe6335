"""Programmes: the survival estimate against hand counts, forms, renaming, founding and strengthening."""

import numpy as np
import pytest
from borderlab.model.futures.parameters import Settings
from scipy import stats

from borderlab.model.futures.futures import default_futures, draw_futures
from borderlab.model.modules.institutions import Roster
from borderlab.model.modules.survival import FORMS, Risk, risks, spells


def test_a_form_with_no_end_keeps_a_positive_hazard():
    law = risks()["treaty"]
    assert law.ends_other == law.ends_at_change == 0
    # Gamma(1/2, years + 2): its mean by hand, and a 95th percentile that stays far from nothing.
    assert 0.5 / (law.years + 2) == pytest.approx(stats.gamma(0.5, scale=1 / (law.years + 2)).mean())
    assert law.hazard(0.5) < 0.5 / (law.years + 2) < law.hazard(0.95)
    assert law.years > 80


def test_posterior_by_hand():
    # Three ends in thirty years, one of them at one of four changes: Gamma(.5 + 2, 2 + 30), Beta(1.5, 4.5).
    risk = Risk("declaration", 5, 30.0, 4, 2, 1)
    draws = risk.hazard((np.arange(20_000) + 0.5) / 20_000)
    assert draws.mean() == pytest.approx(2.5 / 32, rel=1e-3)
    assert risk.at_change(0.5) == pytest.approx(stats.beta(1.5, 4.5).median())


def test_the_table_gives_the_median_life_of_declarations():
    # The coded table's own count: declarations that ended lived about three years at the median.
    lives = [spell.years for spell in spells() if spell.form == "declaration" and spell.ended]
    assert len(lives) >= 6
    assert np.median(lives) == pytest.approx(3.0, abs=0.5)


def test_a_new_name_is_not_an_end():
    by_line = {spell.line: spell for spell in spells()}
    # Eight working groups of 2019 became the dialogue of 2021, which lapsed in 2025: one life of five years and more.
    assert by_line["high-level-group"].years > 5.0
    # The four pillars are Mérida: one spell of fourteen years, not two.
    assert by_line["merida"].years == pytest.approx(14.0, abs=0.2)


def _lives(form: str, futures) -> np.ndarray:
    """Weeks that a programme of a form lives with a change of president every three years, at most 30 years."""
    roster = Roster(Settings(futures))
    everywhere = np.ones(futures.n, bool)
    roster.act("found", "test-programme", form, everywhere)
    place = roster.ids.index("test-programme")
    weeks = np.full(futures.n, 1566.0)
    for week in range(1566):
        was = roster.alive[place].copy()
        roster.age(1.0, week % 156 == 155)
        weeks[was & ~roster.alive[place]] = week
    return weeks


def test_a_treaty_outlives_a_declaration():
    futures = draw_futures(256, 1)
    treaty, declaration = _lives("treaty", futures), _lives("declaration", futures)
    assert np.median(treaty) > 3 * np.median(declaration)
    assert np.mean(treaty >= declaration) > 0.95


def test_the_simulated_life_agrees_with_the_exponential_law():
    # With no change of president, P(alive after 10 years) is the mean of exp(-10 hazard).
    futures = draw_futures(4000, 2).replace({"prog.rank_declaration": 0.5})
    roster = Roster(Settings(futures))
    roster.act("found", "test-programme", "declaration", np.ones(4000, bool))
    place = roster.ids.index("test-programme")
    for _ in range(522):
        roster.age(1.0, False)
    expected = np.exp(-float(risks()["declaration"].hazard(0.5)) * 522 * 7 / 365.25)
    assert roster.alive[place].mean() == pytest.approx(expected, abs=3 * np.sqrt(expected * (1 - expected) / 4000))


def test_strengthening_keeps_the_programme_and_never_weakens_it():
    roster = Roster(Settings(default_futures(2)))
    there = np.array([True, True])
    roster.act("found", "plan", "declaration", there)
    place = roster.ids.index("plan")
    roster.act("strengthen", "plan", "treaty", np.array([True, False]))
    assert [FORMS[code] for code in roster.form[place]] == ["treaty", "declaration"]
    roster.act("strengthen", "plan", "informal", there)
    assert [FORMS[code] for code in roster.form[place]] == ["treaty", "declaration"]
    gone = roster.act("let lapse", "plan", "", np.array([False, True]))
    assert roster.alive[place].tolist() == [True, False]
    assert gone[0] == 0.0
    assert gone[1] > 0.0


def test_strength_gone_is_the_share_of_the_strength_alive():
    roster = Roster(Settings(default_futures(1)))
    before, weights = float(roster.total[0]), roster.weight[:, 0].copy()
    gone = roster.act("let lapse", roster.ids[0], "", np.array([True]))
    assert gone[0] == pytest.approx(weights[0] / before)
    assert roster.total[0] == pytest.approx(before - weights[0])
