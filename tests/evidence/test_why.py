"""``why``: every name answers, uses are derived, and a wrong name is put right."""

import re
from pathlib import Path

import pytest

import borderlab
from borderlab.base.problems import InputError
from borderlab.evidence.catalogue.catalogue import all_entries, tables
from borderlab.evidence.catalogue.figures import figures, find_figures
from borderlab.evidence.provenance import usage
from borderlab.evidence.provenance.why import why
from borderlab.evidence.tables.parameter import parameters
from borderlab.evidence.tables.source import sources

PACKAGE = Path(borderlab.__file__).parent


def test_a_parameter_answers_in_full():
    answer = why("kc").to_json()
    row = parameters()["kc"]
    assert (answer["name"], answer["kind"]) == ("kc", "parameter")
    assert answer["value"] == row.default
    assert answer["range"] == [row.low, row.high]
    assert (answer["unit"], answer["grade"]) == (row.unit, row.grade)
    assert set(answer["sources"]) == set(row.sources)
    assert "model.modules.bargaining" in answer["used_by"]
    assert "concession_announced" in answer["used_by"]
    assert "arrivals" in answer["reaches"], "pressure bears on arrivals through effort"


def test_a_switch_names_its_options():
    answer = why("institutions").to_json("es")
    assert answer["kind"] == "switch"
    assert set(answer["range"]) == set(parameters()["institutions"].options())
    assert answer["meaning"] == parameters()["institutions"].meaning_es


def test_uses_are_found_in_the_code_and_not_listed():
    """Modules that ``why`` names hold the name; modules that hold it as a text are named."""
    for name in ("kc", "eU", "v0", "crossings.cost_truck_hour"):
        named = {
            use for use in why(name).to_json()["used_by"] if "." in use and use.split(".")[0] in ("model", "crossings")
        }
        assert named
        for module in named & set(usage.code()):
            text = (PACKAGE / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8")
            assert name in text or name.rsplit(".", 1)[-1] in text, (name, module)


def test_a_lever_parameter_leads_to_its_lever_and_strategies():
    answer = why("us.partner_vetting.verification").to_json()
    uses = {(use["kind"], use["name"]) for use in answer["uses"]}
    assert ("lever", "us.partner_vetting") in uses
    assert ("module", "model.modules.effort") in uses


def test_a_source_says_what_rests_on_it():
    used = why("inegi-homicides").to_json()["used_by"]
    assert "wayne-2020.homicides-2019" in used
    assert "homicides-2019.4" in used
    assert "kc" not in used


def test_figures_of_tables_answer():
    rows = [row for _, row in tables()["crossings/lanes"] if row["crossing"] == "world-trade"]
    for row in rows:
        answer = why(f"crossings.lanes.world-trade.{row['lane']}.booths").to_json()
        assert answer["value"] == float(row["booths"])
        assert answer["unit"] == "booths"
        assert answer["sources"] == [row["source"]]
    whole = why("world-trade").to_json()
    assert whole["kind"] == "crossing"
    assert {item["name"] for item in whole["value"]} >= {f"world-trade.{row['lane']}.booths" for row in rows}
    assert why("tariff-2019.days_to_concession").to_json()["value"] == 8.0
    assert why("linderman-2022.trade-per-day.official").to_json()["sources"] == ["bts-transborder"]


def test_results_answer_with_their_module():
    assert "crossings.queues.tally" in why("max_wait_min").to_json()["used_by"]
    joined = why("arrivals.median").to_json()
    assert joined["kind"] == "result"
    assert joined["unit"] == "people/month"
    assert "model.modules.migration" in joined["used_by"]


def test_every_thing_with_a_name_answers_with_known_sources():
    known = set(sources())
    for entry in all_entries():
        answer = why(entry.id)
        assert answer.name == entry.id
        assert set(answer.sources) <= known, entry.id
        if entry.kind in ("parameter", "lever", "indicator", "claim", "episode", "programme", "measure", "conflict"):
            assert answer.sources, entry.id


def test_every_parameter_is_used_somewhere():
    """A parameter that no module reads would be a number without effect."""
    idle = [name for name in parameters() if not any(use.kind == "module" for use in why(name).used)]
    assert idle == []


def test_every_figure_of_the_smaller_tables_is_found_by_its_name():
    names = [figure.name for figure in figures("facts")] + [figure.name for figure in figures("tolls")]
    assert names
    for name in names:
        found = find_figures(name)
        assert len(found) == 1, name
        assert found[0].name == name


@pytest.mark.parametrize(("wrong", "right"), [("kcc", "kc"), ("world-trad", "world-trade"), ("KC", "kc")])
def test_a_wrong_name_is_put_right(wrong, right):
    with pytest.raises(InputError) as caught:
        why(wrong)
    assert caught.value.problems[0].did_you_mean == right


def test_a_name_like_nothing_gives_no_guess():
    with pytest.raises(InputError, match=re.escape("nothing is called 'zzzzqqq'")):
        why("zzzzqqq")


def test_every_key_of_an_output_names_a_module_that_is_there():
    modules = set(usage.code())
    for _, row in tables()["results"]:
        assert row["module"] in modules, row["id"]


def test_every_measure_of_a_simulation_answers():
    from borderlab.crossings.outcomes.outcome import MEASURES

    for name in MEASURES:
        answer = why(name)
        assert answer.sources, name


def test_a_rule_answers_with_its_essay_and_its_line():
    answer = why("squeeze-freight").to_json("es")
    assert answer["kind"] == "rule"
    assert answer["sources"] == ["linderman-2022"]
    assert answer["meaning"] == "Frenar la carga hasta que lleguen fuerzas"
