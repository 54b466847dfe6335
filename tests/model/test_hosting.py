"""Joint work is held under a programme: when the last one that hosts it ends, what was added to today's stops."""

from datetime import date

import numpy as np
import pytest

from borderlab.evidence.tables.lever import levers
from borderlab.model.futures.futures import draw_futures
from borderlab.model.modules.programmes import FOUND, LAPSE
from borderlab.model.run.moments import moments
from borderlab.model.run.run import run
from borderlab.model.run.worlds import today
from borderlab.strategy.file.parse import load_strategy
from tests.model.test_survival import TODAY, act, rosters, tallied

START = date(2027, 1, 4)
GROUP = "security-implementation-group-2025"
STRATEGY = """
schema: borderlab/strategy/1
id: meetings
title: {en: Meetings, es: Reuniones}
gist: {en: For tests., es: Para pruebas.}
levers:
  - {lever: both.reviews_per_year, value: 12 reviews per year}
  - {lever: both.working_groups, value: 8 groups}
  - {lever: both.action_plan_coverage, value: 80 %}
"""
LAPSED = """programmes:
  - {let_lapse: security-implementation-group-2025, on: 2027-03-01}
"""
FOUNDED = """  - found: another-group
    form: treaty
    on: 2027-06-07
    title: {en: Another group, es: Otro grupo}
"""


@pytest.fixture
def written(tmp_path):
    def write(text: str):
        path = tmp_path / "meetings.yaml"
        path.write_text(text, encoding="utf-8")
        return load_strategy(path)

    return write


def test_what_hosts_is_the_senior_group_or_what_a_strategy_founds():
    first, second, third = rosters(draw_futures(3, 1), "another-group")
    assert all(hosting(roster) for roster in (first, second, third))
    for roster in (first, second):
        act(roster, LAPSE, TODAY.index(GROUP))
    assert [hosting(roster) for roster in (first, second, third)] == [0.0, 0.0, 1.0]
    # Trusted shippers and the trade treaty live on; nobody meets under them.
    assert all(tallied(roster)[3] > 5 for roster in (first, second, third))
    act(first, FOUND, len(TODAY), "agreement")
    assert [hosting(roster) for roster in (first, second, third)] == [1.0, 0.0, 1.0]


def hosting(roster):
    return tallied(roster)[4]


def test_meetings_end_with_the_last_programme_and_come_back_with_a_new_one(written):
    futures = draw_futures(40, 1).replace({"prog.rank_declaration": 0.001, "prog.rank_change": 0.001})
    verification = f"levers.shift[{today().effects.index('verification')}]"
    seen = {}
    for now in moments(written(STRATEGY + LAPSED + FOUNDED), futures, START, 40):
        seen[now.week] = now.now[verification], now.now["programmes.hosting"] > 0.0
    alive = seen[7][1]
    assert alive.all()
    assert (seen[7][0] > 0.0).all()
    assert not seen[10][1].any()
    assert not seen[10][0].any()
    assert seen[24][1].all()
    assert np.array_equal(seen[24][0], seen[7][0])


def test_a_group_that_lapsed_takes_the_gain_with_it(written):
    futures = draw_futures(64, 2)
    kept = run(written(STRATEGY), futures, start=START, years=2).measures
    gone = run(written(STRATEGY + LAPSED), futures, start=START, years=2).measures
    reviews = levers()["both.reviews_per_year"].default
    assert np.median(kept["review_meetings"]) > 10.0
    assert (gone["review_meetings"] < reviews + 9.0 * 0.1).all()
    assert np.median(gone["institution_level"]) < np.median(kept["institution_level"])


def test_every_hosted_lever_is_joint_work():
    hosted = {id_ for id_, lever in levers().items() if lever.hosted}
    assert hosted >= {"both.reviews_per_year", "both.working_groups", "both.action_plan_coverage"}
    assert {levers()[id_].actor for id_ in hosted} == {"both"}
