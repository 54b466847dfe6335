"""Effects: known answers on made series, published answers on real ones, and honesty where nothing can be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from borderlab.base.problems import InputError
from borderlab.observe.effects.design import design_for
from borderlab.observe.effects.effect import estimate, percent
from borderlab.observe.effects.interrupted import from_index, interrupted, month_index
from borderlab.observe.effects.segment import Publication
from borderlab.observe.effects.synthetic import Synthetic, synthetic
from borderlab.observe.store.store import Store
from borderlab.report.story.effect import lines

START = date(2018, 1, 1)


def seasonal(months: int, growth: float = 0.0, noise: float = 0.0, seed: int = 0) -> dict[date, float]:
    """Level 1000, swing of a year, growth a year, noise in logarithms."""
    draw = np.random.Generator(np.random.Philox(seed))
    first = month_index(date(2010, 1, 1))
    shocks = noise * draw.standard_normal(months)
    return {
        from_index(first + k): float(1000 * np.exp(0.2 * np.sin(2 * np.pi * k / 12) + growth * k / 12 + shocks[k]))
        for k in range(months)
    }


def struck(values: dict[date, float], by: float, months: int = 6) -> dict[date, float]:
    judged = {from_index(month_index(START) + k) for k in range(months)}
    return {when: value * np.exp(by) if when in judged else value for when, value in values.items()}


@pytest.mark.parametrize("by", [-0.5, -0.05, 0.0, 0.3])
def test_an_effect_on_a_flat_seasonal_series_is_found_exactly(by: float) -> None:
    found = interrupted(struck(seasonal(120), by), START, 6)
    assert found is not None
    assert found.effect == pytest.approx(by, abs=1e-6)
    assert found.pre_drift == pytest.approx(0, abs=1e-9)


def test_a_slope_is_carried_on_but_dies_away() -> None:
    values = seasonal(120, growth=0.1)
    near = interrupted(values, START, 1)
    far = interrupted(values, START, 12)
    assert near is not None
    assert far is not None
    assert abs(near.effect) < 0.001
    assert 0 < far.effect < 0.06  # the series grew on, the path by less


def test_placebos_are_uniform_when_nothing_happens() -> None:
    shares = []
    for seed in range(60):
        found = interrupted(seasonal(132, noise=0.1, seed=seed), START, 3)
        assert found is not None
        shares.append(found.p_value)
    assert 0.02 <= np.mean(np.array(shares) <= 0.1) <= 0.25
    assert 0.35 < np.mean(shares) < 0.65


def test_a_large_effect_stands_out_of_noise() -> None:
    found = interrupted(struck(seasonal(132, noise=0.1), -0.8), START, 6)
    assert found is not None
    assert found.p_value < 0.03
    assert found.effect == pytest.approx(-0.8, abs=0.2)


def test_too_short_or_torn_series_give_nothing() -> None:
    values = seasonal(120)
    assert interrupted(values, date(2011, 1, 1), 3) is None
    assert interrupted(values, date(2019, 12, 1), 3) is None
    assert interrupted({w: v for w, v in values.items() if w != date(2018, 2, 1)}, START, 3) is None


def panel(by: float, donors: int = 12) -> dict[str, dict[date, float]]:
    """A struck part that is the half-and-half mean of two of the others."""
    draw = np.random.Generator(np.random.Philox(7))
    first = month_index(date(2013, 1, 1))
    parts: dict[str, dict[date, float]] = {}
    for name in range(donors):
        walk = np.cumsum(draw.standard_normal(66) * 0.03)
        parts[f"d{name:02d}"] = {from_index(first + k): float(500 * np.exp(walk[k])) for k in range(66)}
    scale = {n: np.mean([v for w, v in parts[n].items() if date(2014, 1, 1) <= w < START]) for n in ("d00", "d01")}
    mixed = {w: 2000 * (parts["d00"][w] / scale["d00"] + parts["d01"][w] / scale["d01"]) / 2 for w in parts["d00"]}
    parts["hit"] = struck(mixed, by, 3)
    return parts


def test_synthetic_control_finds_the_weights_and_the_effect() -> None:
    found = synthetic(panel(-0.3), frozenset({"hit"}), frozenset(), START, 3)
    assert isinstance(found, Synthetic)
    assert found.weights == {"d00": pytest.approx(0.5, abs=0.02), "d01": pytest.approx(0.5, abs=0.02)}
    assert found.effect == pytest.approx(-0.3, abs=0.01)
    assert found.p_value == pytest.approx(1 / 13)
    assert found.leave_one_out[0] <= found.effect <= found.leave_one_out[1]


def test_synthetic_control_of_nothing_ranks_nowhere() -> None:
    found = synthetic(panel(0.0), frozenset({"hit"}), frozenset({"d05"}), START, 3)
    assert isinstance(found, Synthetic)
    assert abs(found.effect) < 0.01
    assert "d05" not in found.placebos


def test_synthetic_control_says_why_it_cannot() -> None:
    few = {name: values for name, values in panel(0).items() if name in ("hit", "d00", "d01")}
    assert "were not struck" in synthetic(few, frozenset({"hit"}), frozenset(), START, 3)[0]
    assert "struck alone" in synthetic(few, frozenset({"other"}), frozenset(), START, 3)[0]


# Published or hand-calculated changes of the month (three baselines each), to which the estimate must be near.
@pytest.mark.parametrize(
    ("episode", "series", "part", "low", "high"),
    [
        ("texas-inspections-2022", "entries.trucks", "2305", -28, -18),  # Hidalgo and Pharr: −20
        ("close-border-2019", "entries.vehicles", "2402", -30, -20),  # El Paso: −27
    ],
)
def test_episodes_with_a_known_answer(
    home: Path, episode: str, series: str, part: str, low: float, high: float
) -> None:
    found = estimate(episode, series, parts=frozenset({part}))
    assert found.interrupted is not None
    assert found.synthetic is not None
    assert low < percent(found.interrupted.effect) < high
    assert low < percent(found.synthetic.effect) < high
    assert found.change == "fell"


def test_brownsville_in_april_2019(home: Path) -> None:
    found = estimate("close-border-2019", "entries.vehicles", parts=frozenset({"2301"}))
    assert found.interrupted is not None
    assert -24 < percent(float(found.interrupted.gaps[0])) < -15  # −19 by seasonal adjustment


def test_laredo_in_2022_cannot_be_told_from_its_controls(home: Path) -> None:
    found = estimate("texas-inspections-2022", "entries.trucks", parts=frozenset({"2304"}))
    assert found.change == "no clear change"


def test_2019_is_never_reported_as_settled(home: Path) -> None:
    found = estimate("tariff-2019", "encounters")
    assert found.raw == (132_856, 33_524)
    assert found.verdict == "cannot tell"
    assert found.cause == "cannot tell"
    assert {design.episode.id for design, _ in found.controls} == {
        "crackdown-2024",
        "election-2016",
        "frontera-sur-2014",
    }
    said = " ".join(found.json_ready()["reasons"])
    assert "off its path before the start" in said
    assert "without any threat" in said


def test_the_control_of_2024_fell_without_a_threat(home: Path) -> None:
    found = estimate("crackdown-2024", "encounters")
    assert found.interrupted is not None
    assert percent(found.interrupted.effect) < -30
    assert found.cause == "cannot tell"


def test_the_same_question_has_the_same_hash(home: Path) -> None:
    first, second = (estimate("tariff-2019", "encounters") for _ in range(2))
    assert first.hash == second.hash != estimate("crackdown-2024", "encounters").hash
    assert first.json_ready() == second.json_ready()


def test_the_hash_names_the_parts_that_the_control_was_made_of(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another panel under the same sum: another control, and so another result under another hash."""
    from borderlab.observe.effects import effect as module

    first = estimate("texas-inspections-2022", "entries.trucks", parts=frozenset({"2305"}))
    real = module.publications

    def shifted(series: str, store: Store | None = None) -> tuple[Publication, ...]:
        read = real(series, store)
        return tuple(replace(one, panel=moved_about(one.panel)) if one.panel else one for one in read)

    def moved_about(panel: dict[str, dict[date, float]]) -> dict[str, dict[date, float]]:
        from_one, to_other = sorted(set(panel) - {"2305"})[:2]
        for when in panel[from_one].keys() & panel[to_other].keys():
            moved = panel[from_one][when] / 2
            panel[from_one][when] -= moved
            panel[to_other][when] += moved
        return panel

    monkeypatch.setattr(module, "publications", shifted)
    second = estimate("texas-inspections-2022", "entries.trucks", parts=frozenset({"2305"}))
    assert first.synthetic is not None
    assert second.hash != first.hash


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_sentence_can_be_said_in_both_languages(home: Path, lang: str) -> None:
    for episode, series in (
        ("texas-inspections-2022", "entries.trucks"),
        ("tariff-2019", "encounters"),
        ("fto-2019", "encounters"),
        ("intercept-1969", "encounters"),
        ("close-border-2019", "entries.trucks"),
    ):
        said = lines(estimate(episode, series), lang)
        assert any(line.startswith(("verdict", "veredicto")) for line in said)


def test_mistakes_are_named(home: Path) -> None:
    with pytest.raises(InputError, match="Did you mean 'tariff-2019'"):
        estimate("tarif-2019", "encounters")
    with pytest.raises(InputError, match=r"Did you mean 'entries\.trucks'"):
        estimate("tariff-2019", "entries.truck")
    with pytest.raises(InputError, match="no port_code '9999'"):
        estimate("tariff-2019", "entries.trucks", parts=frozenset({"9999"}))


def test_a_start_after_mid_month_counts_from_the_next() -> None:
    assert design_for("tariff-2019", "usbp.encounters").start == date(2019, 6, 1)
    assert design_for("fto-2019", "entries.trucks").start == date(2019, 12, 1)
    assert not design_for("fto-2019", "entries.trucks").stated


def test_a_sector_has_no_untreated_neighbours_when_the_whole_border_was_struck(home: Path) -> None:
    for found in (
        estimate("tariff-2019", "encounters.del-rio"),
        estimate("tariff-2019", "encounters", parts=frozenset({"yuma"})),
    ):
        assert found.synthetic is None
        assert len(found.design.treated) == 1
        assert found.interrupted is not None
