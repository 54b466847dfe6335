"""Programmes: the survival estimate against hand counts, forms, renaming, founding and strengthening."""

import numpy as np
import pytest
from scipy import stats

from borderlab.model.core.beginning import Opening
from borderlab.model.core.kernels import as_written
from borderlab.model.core.rates import WEEKS_PER_YEAR
from borderlab.model.futures.futures import Futures, default_futures, draw_futures
from borderlab.model.futures.settings import Settings
from borderlab.model.modules import programmes as module
from borderlab.model.modules.programmes import FOUND, LAPSE, STRENGTHEN, Programmes, Roster
from borderlab.model.modules.survival import FORMS, Risk, lines, risks, spells


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


aged, acted_on, tallied, weight = (
    as_written(getattr(module, name)) for name in ("aged", "acted_on", "tallied", "weight")
)
TODAY = tuple(line.programme for line in lines() if line.today)
NONE = -1


def rosters(futures: Futures, *founded: str) -> list[Roster]:
    """Programmes of today, and room for others, in each future."""
    settings, opening = Settings(futures), Opening(programmes=(*TODAY, *founded))
    names = ("scandal_rate", "shift_rate", "rank_change", "founded_relevance")
    given = {name: settings[f"prog.{name}"] for name in names}
    given |= {f"{kind}_{form}": settings[f"prog.{kind}_{form}"] for kind in ("rank", "strength") for form in FORMS}
    begun = Programmes.begin(opening=opening, key=futures.key, **given)
    return [
        Roster(*(np.array([np.broadcast_to(value, futures.n)[place] for value in begun[name]], float)
                 for name in Roster._fields))
        for place in range(futures.n)
    ]  # fmt: skip


def act(roster: Roster, action: int, place: int, form: str = "") -> float:
    """Share of strength that ended."""
    code = FORMS.index(form) if form else NONE
    return float(acted_on(roster, action, place, code, tallied(roster)[0]))


def age(roster: Roster, weeks: float, new_president: bool) -> tuple[float, bool]:
    return aged(roster, weeks, new_president, tallied(roster)[0])


def _lives(form: str, futures: Futures) -> np.ndarray:
    """Weeks that a programme of a form lives with a change of president every three years, at most 30 years."""
    lives = []
    for roster in rosters(futures, "test-programme"):
        place = len(roster.alive) - 1
        roster.alive[:place] = 0.0
        act(roster, FOUND, place, form)
        week = 0
        while week < 1566 and roster.alive[place]:
            age(roster, 1.0, week % 156 == 155)
            week += 1
        lives.append(week - 1 if not roster.alive[place] else 1566)
    return np.array(lives)


def test_a_treaty_outlives_a_declaration():
    futures = draw_futures(256, 1)
    treaty, declaration = _lives("treaty", futures), _lives("declaration", futures)
    assert np.median(treaty) > 3 * np.median(declaration)
    assert np.mean(treaty >= declaration) > 0.95


def test_the_simulated_life_agrees_with_the_exponential_law():
    # With no change of president, P(alive after 10 years) is the mean of exp(-10 hazard).
    futures = draw_futures(4000, 2).replace({"prog.rank_declaration": 0.5})
    alive = []
    for roster in rosters(futures, "test-programme"):
        act(roster, FOUND, len(TODAY), "declaration")
        for _ in range(6):
            age(roster, 522 / 6, False)
        alive.append(roster.alive[len(TODAY)])
    expected = np.exp(-float(risks()["declaration"].hazard(0.5)) * 522 * 7 / 365.25)
    assert np.mean(alive) == pytest.approx(expected, abs=3 * np.sqrt(expected * (1 - expected) / 4000))


def test_ageing_in_one_stride_is_ageing_week_by_week():
    whole, steps = rosters(default_futures(1))[0], rosters(default_futures(1))[0]
    age(whole, 40.0, False)
    for _ in range(40):
        age(steps, 1.0, False)
    assert steps.risk == pytest.approx(whole.risk)
    rate = [risks()[form].hazard(0.5) / WEEKS_PER_YEAR for form in FORMS]
    at_median = default_futures(1).replace({f"prog.rank_{form}": 0.5 for form in FORMS} | {"prog.rank_change": 0.5})
    roster = rosters(at_median)[0]
    forms = roster.form.astype(int)
    age(roster, 10.0, True)
    expected = [10 * rate[form] - np.log1p(-risks()[FORMS[form]].at_change(0.5)) for form in forms]
    assert roster.risk == pytest.approx(expected)


def test_strengthening_keeps_the_programme_and_never_weakens_it():
    first, second = rosters(default_futures(2), "plan")
    place = len(TODAY)
    for roster in (first, second):
        act(roster, FOUND, place, "declaration")
    act(first, STRENGTHEN, place, "treaty")
    assert [FORMS[int(roster.form[place])] for roster in (first, second)] == ["treaty", "declaration"]
    for roster in (first, second):
        act(roster, STRENGTHEN, place, "informal")
    assert [FORMS[int(roster.form[place])] for roster in (first, second)] == ["treaty", "declaration"]
    gone = act(second, LAPSE, place)
    assert [roster.alive[place] for roster in (first, second)] == [1.0, 0.0]
    assert gone > 0.0


def test_a_programme_that_is_not_alive_cannot_be_strengthened_and_founded_anew_it_starts_again():
    roster = rosters(default_futures(1), "plan")[0]
    place = len(TODAY)
    act(roster, STRENGTHEN, place, "treaty")
    assert roster.alive[place] == 0.0
    act(roster, FOUND, place, "agreement")
    age(roster, 5.0, False)
    act(roster, LAPSE, place)
    act(roster, FOUND, place, "declaration")
    assert (roster.alive[place], roster.risk[place]) == (1.0, 0.0)
    assert FORMS[int(roster.form[place])] == "declaration"


def test_strength_gone_is_the_share_of_the_strength_alive():
    roster = rosters(default_futures(1))[0]
    before, first = tallied(roster)[0], weight(roster, 0)
    assert before == pytest.approx(sum(weight(roster, place) for place in range(len(TODAY))))
    assert act(roster, LAPSE, 0) == pytest.approx(first / before)
    assert tallied(roster)[0] == pytest.approx(before - first)


def test_the_share_in_treaties_and_laws_is_theirs_of_the_strength():
    roster = rosters(default_futures(1), "plan")[0]
    total, built, lasting, count, _ = tallied(roster)
    binding = sum(weight(roster, place) for place in range(len(TODAY)) if FORMS[int(roster.form[place])] in
                  ("treaty", "statute"))  # fmt: skip
    assert 0 < lasting < 1
    assert (built, count) == (0.0, len(TODAY))
    assert lasting == pytest.approx(binding / total)
    act(roster, FOUND, len(TODAY), "treaty")
    own = weight(roster, len(TODAY))
    assert tallied(roster)[1] == pytest.approx(own)
    assert tallied(roster)[2] == pytest.approx((binding + own) / (total + own))
