"""One future as it is told: amounts as sentences print them, rules by their titles, both languages."""

import re
from datetime import date, datetime

import pytest

from borderlab.model.futures.futures import draw_futures
from borderlab.model.run.moments import moments
from borderlab.report.story.future import story
from borderlab.strategy.file.library import shipped
from borderlab.strategy.file.parse import load_strategy
from tests.strategy.small import strategy

START = date(2027, 1, 4)


def told(id_: str, lang: str, future: int = 2, years: float = 3.0) -> str:
    one = draw_futures(1, 1, first=future)
    return "\n".join(story(load_strategy(id_), one, start=START, years=years, lang=lang))


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("id_", shipped())
def test_no_raw_unit_and_no_id_is_told(id_, lang):
    text = told(id_, lang)
    assert not re.search(r"\w/(month|year|week|mes|año)\b", text)
    assert not re.search(r"\d (group|person|operation|meeting|consulate|index|share)\b(?!s)", text.replace(" 1 ", " "))
    assert not re.search(r"\bweek \d|\bsemana \d", text), "dates, not week numbers"
    for rule in load_strategy(id_).rules:
        assert f"'{rule.id}'" not in text


def test_a_rule_is_told_from_announcement_to_end_with_its_places():
    text = told("border-leverage", "en", future=17, years=1.0)
    rule = "“Slow freight until forces arrive”"
    first = text.index(f"Rule {rule} applies.")
    announced = text.index("The United States announces for 15 February 2027, unless its terms are met:", first)
    assert text.index("World Trade Bridge, Colombia Solidarity Bridge and Pharr Bridge, 100 %", announced) > announced
    due = text.index(f"The terms are not met: what rule {rule} announced is put in force.", announced)
    assert text.index(f"Rule {rule} ends:", due) < text.index("What it had put in force is lifted.", due)
    assert text.count(f"Rule {rule} applies.") >= text.count(f"Rule {rule} ends:")


def test_the_same_is_told_in_spanish():
    english, spanish = told("shared-security", "en"), told("shared-security", "es")
    assert len(english.splitlines()) == len(spanish.splitlines())
    assert "La estrategia fija: " in spanish
    assert not {"Readings", "applies", "announces"} & set(re.findall(r"\w+", spanish))


def test_settings_are_told_on_their_own_dates(tmp_path):
    path = tmp_path / "dated.yaml"
    path.write_text(
        """
schema: borderlab/strategy/1
id: dated
title: {en: Dated, es: Con fechas}
gist: {en: For tests., es: Para pruebas.}
levers:
  - {lever: us.trainers, value: 250 people, from: 2027-03-01, to: 2027-06-07}
programmes:
  - {let_lapse: security-implementation-group-2025, on: 2027-05-03}
""",
        encoding="utf-8",
    )
    lines = list(story(load_strategy(path), draw_futures(1, 1, first=2), start=START, years=0.6))
    assert lines.index("1 March 2027") < lines.index(
        "  The strategy sets: Trainers and advisers in Mexico, 250 people."
    )
    gone = lines.index("  The strategy no longer sets: Trainers and advisers in Mexico, 250 people.")
    assert lines.index("7 June 2027") < gone
    lapsed = lines.index("  A programme ends: “High-Level Security Implementation Group”.")
    assert "  No group is left under which working groups, reviews and shared plans are held." in lines[lapsed:]


def test_nothing_is_told_where_nothing_is_run():
    lines = list(story(None, draw_futures(1, 1), start=START, years=0.3))
    assert not [line for line in lines if "Rule" in line or "strategy" in line]


@pytest.mark.parametrize("start", [date(2027, 1, 4), date(2027, 1, 5), date(2027, 1, 10)])
@pytest.mark.parametrize(
    "dates",
    [
        "from: 2027-01-06, to: 2027-03-03",
        "to: 2027-02-15",
        "from: 2026-12-30, to: 2027-01-05",
        "from: 2027-01-12, to: 2027-01-13",
        "from: 2027-04-01",
    ],
)
def test_settings_are_told_in_the_weeks_in_which_they_hold(start, dates):
    """Against what is in force week by week, for days that are no Mondays and for settings before or between weeks."""
    one = strategy(f"levers:\n  - {{lever: us.tariff, value: 25 %, {dates}}}\n")
    future = draw_futures(1, 1, first=2)
    held = {now.day: float(now.in_force.imposed["us.tariff"][0]) > 0 for now in moments(one, future, start, 16)}
    days = list(held)
    begun = [day for place, day in enumerate(days) if held[day] and not (place and held[days[place - 1]])]
    ended = [day for place, day in enumerate(days) if place and not held[day] and held[days[place - 1]]]
    heard = {"sets": [], "no longer sets": []}
    for line in story(one, future, start=start, years=16 / 52.1775):
        if re.fullmatch(r"\d+ \w+ \d{4}", line):
            day = datetime.strptime(line, "%d %B %Y").date()
        for verb in heard:
            if line.startswith(f"  The strategy {verb}: "):
                heard[verb].append(day)
    assert heard == {"sets": begun, "no longer sets": ended}
