"""The shipped strategies are filled in by one rule: docs/strategies/conventions.md holds for every author."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from borderlab.evidence.tables.lever import levers
from borderlab.language.amounts import amount_words
from borderlab.strategy.file.library import shipped
from borderlab.strategy.file.parse import load_strategy
from borderlab.strategy.tree.tree import AllOf, AnyOf, Change, Condition, Threshold

PAGE = (Path(__file__).parents[2] / "docs" / "strategies" / "conventions.md").read_text(encoding="utf-8")
CLASSES = {"quarter": 0.25, "half": 0.5, "three quarters": 0.75, "whole": 1.0}
ROUNDING = 0.06
# What the essay says that Mexico itself planned, and what two governments can do by meeting.
OWN_PLANS = {
    "shared-security": {"mx.guard_south", "mx.rural_police"},
    "institutional-dialogue": {"mx.social_programmes"},
}
MEETING = {"both.working_groups", "both.reviews_per_year", "both.low_profile"}
SIGNS = {
    "mx.effort_security_announced",
    "mx.effort_migration_announced",
    "mx.forces_at_north_border",
    "officials_vetted",
    "mx.homicides",
}
BY_ESSAY = [name for name in shipped() if name != "status-quo"]


def uses(name):
    """Every lever that a strategy moves: the part, the lever, the amount."""
    one = load_strategy(name)
    settings = [("", part.lever, part.value) for part in one.constants]
    return settings + [(rule.id, act.lever, act.to) for rule in one.rules for act in rule.lever_actions]


def rows(name):
    """The rows of the page for a strategy."""
    part = PAGE.split(f"### {name}\n", 1)[1].split("\n###", 1)[0]
    cells = [[cell.strip(" `") for cell in line.split("|")[1:-1]] for line in part.splitlines() if line.startswith("|")]
    return cells[2:]


def parts_of(condition: Condition):
    """The condition and all within it, other than under 'not'."""
    yield condition
    if isinstance(condition, AllOf | AnyOf):
        for one in condition.parts:
            yield from parts_of(one)


@pytest.mark.parametrize("name", BY_ESSAY)
def test_the_page_gives_every_amount_and_its_size_by_the_rule(name):
    said = rows(name)
    assert [row[:2] for row in said] == [[part, lever] for part, lever, _ in uses(name)]
    for (part, id_, value), (_, _, today, to, size, why) in zip(uses(name), said, strict=True):
        lever = levers()[id_]
        assert today == amount_words(lever.default, lever.unit, "en"), (part, id_)
        assert to == amount_words(value, lever.unit, "en"), (part, id_)
        room = lever.high - lever.default if value > lever.default else lever.default - lever.low
        if size == "given":
            assert why, f"{name}: {id_} needs the record it follows"
        else:
            assert abs(value - lever.default) / room == pytest.approx(CLASSES[size], abs=ROUNDING), (name, part, id_)
            assert size == "half" or why != "asked for, no size given", (name, part, id_)


@pytest.mark.parametrize("name", BY_ESSAY)
def test_no_strategy_is_given_what_mexico_decides(name):
    one = load_strategy(name)
    for part in one.constants:
        if levers()[part.lever].actor != "us":
            assert part.lever in OWN_PLANS.get(name, set()) | MEETING, f"{name}: {part.lever} waits for nothing"
    for rule in one.rules:
        if {act.lever for act in rule.lever_actions if levers()[act.lever].actor != "us"} - MEETING:
            seen = {part.indicator for part in parts_of(rule.when) if isinstance(part, Threshold | Change)} & SIGNS
            assert seen, f"{name}: {rule.id} waits for no sign of Mexico"


def test_a_willing_partner_is_the_same_for_every_author():
    found = set()
    for name in BY_ESSAY:
        for rule in load_strategy(name).rules:
            both = (rule.when, rule.until) if rule.until is not None else (rule.when,)
            for condition in both:
                for part in parts_of(condition):
                    its_effort = isinstance(part, Threshold) and part.indicator == "mx.effort_security_announced"
                    if its_effort and part.held_weeks >= 13:
                        found.add((name, part.above, part.below))
    assert {(above, below) for _, above, below in found} == {(0.3, None), (None, 0.2), (None, 0.3)}
    willing = {name for name, above, _ in found if above == 0.3}
    assert willing == {"shared-security", "unilateral-first", "institutional-dialogue", "treaty-alliance"}
    lacking = {name for name, _, below in found if below == 0.3}
    assert lacking == {"institutional-dialogue"}  # its warning, for want of such a partner


def test_the_same_words_move_a_lever_alike():
    """Two strategies that stand on one sentence of one paper do not differ in it."""
    by_sentence: dict[tuple[str, str], set[float]] = {}
    for name in ("unilateral-first", "treaty-alliance"):
        for _, id_, value in uses(name):
            if id_ in ("both.low_profile", "us.partner_vetting", "mx.senior_vetting", "both.intelligence_channel"):
                by_sentence.setdefault(("davidson-2020", id_), set()).add(value)
    assert len(by_sentence) == 4
    assert all(len(values) == 1 for values in by_sentence.values()), by_sentence


def test_pages_say_what_is_our_own_reading():
    for name in BY_ESSAY:
        page = (Path(__file__).parents[2] / "docs" / "strategies" / f"{name}.md").read_text(encoding="utf-8")
        assert "## Our reading" in page
        assert re.search(r"\]\(conventions\.md\)", page)
