"""The shipped strategies, levers, the schema, the starting file, words in both languages."""

from __future__ import annotations

import datetime
import json
import pickle
import re
from functools import cache
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from borderlab.base.problems import InputError
from borderlab.base.yamlfile import read_yaml
from borderlab.cli.main import app
from borderlab.evidence.tables.lever import DIRECT_HOOKS, effect_pairs, levers
from borderlab.evidence.tables.parameter import parameters
from borderlab.strategy.file.library import file_of, shipped
from borderlab.strategy.file.parse import check_file, load_strategy, load_texts, parse_strategy
from borderlab.strategy.file.schema import json_schema
from borderlab.strategy.file.starter import starting_text
from borderlab.strategy.tree.plain_words import plain_words
from tests.strategy.reach import restricted_crossings
from tests.strategy.small import HEAD, rule, strategy

ESSAYS = {"linderman-2022", "linderman-2024", "walser-zuckerman-2013", "davidson-2020", "wayne-2020"}
DOCS = Path(__file__).parents[2] / "docs" / "strategies"


def plain(value):
    """YAML as JSON has it: dates become text."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def test_the_six_are_there_and_every_essay_has_one():
    assert shipped() == (
        "status-quo",
        "border-leverage",
        "shared-security",
        "unilateral-first",
        "institutional-dialogue",
        "treaty-alliance",
    )
    assert {place.source for name in shipped() for place in load_strategy(name).position_of} == ESSAYS


@pytest.mark.parametrize("name", shipped())
def test_every_part_says_where_in_the_essay_it_comes_from(name):
    one = load_strategy(name)
    sources = {place.source for place in one.position_of}
    for part in (*one.constants, *one.rules, *one.programmes):
        assert part.from_essay is not None, part
        assert part.from_essay.place, part
        assert part.from_essay.source in sources


@pytest.mark.parametrize("name", [one for one in shipped() if one != "status-quo"])
def test_each_page_maps_every_rule_and_lever(name):
    page = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    one = load_strategy(name)
    for word in [*(part.id for part in one.rules), *(setting.lever for setting in one.constants)]:
        assert f"`{word}`" in page, f"{name}.md does not tell of {word}"


def test_every_lever_does_something_and_is_known_how_well():
    known = parameters()
    assert 45 <= len(levers()) <= 70
    for lever, hook, parameter in effect_pairs():
        assert parameter in known, f"{lever} acts on {hook} by no parameter"
        assert known[parameter].low < known[parameter].high
    for lever in levers().values():
        moved = [known[f"{lever.id}.{hook}"] for hook in lever.effects if hook not in DIRECT_HOOKS]
        acts = [row for row in moved if not row.id.endswith((".budget_us", ".budget_mx"))]
        assert acts or set(lever.effects) & DIRECT_HOOKS, f"{lever.id} does nothing but cost money"
        assert lever.move(lever.default) == 0.0


def test_no_parameter_of_a_lever_is_left_over():
    wanted = {pair.parameter for pair in effect_pairs()} | {"preclear_yield_base"}
    there = {name for name in parameters() if name.rsplit(".", 1)[0] in levers() or name == "preclear_yield_base"}
    assert there == wanted


def test_the_schema_takes_the_shipped_files_and_refuses_broken_ones():
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(schema)
    for name in shipped():
        assert not list(checker.iter_errors(plain(read_yaml(file_of(name))))), name
    assert not list(checker.iter_errors(plain(read_text(starting_text("x.yaml")))))
    refused = ("unknown-top-key", "unknown-lever", "unknown-indicator", "unknown-crossing", "no-do", "bare-number",
               "title-in-one-language", "rule-key", "two-heads", "programme-form", "other-schema")  # fmt: skip
    for name in refused:
        document = plain(read_yaml(Path(__file__).parent / "broken" / f"{name}.yaml"))
        assert list(checker.iter_errors(document)), f"the schema lets {name} pass"


@cache
def by_schema():
    return jsonschema.Draft202012Validator(json_schema())


OF_SEVERAL_PARTS = (
    "can never hold", "bases go round", "neither a shipped strategy nor", "no means of pressure", "twice", "to drop",
    "not a whole number of weeks", "is longer than", "step could follow", "must be more than", "unknown indicator",
    "cannot be below zero", "carries no trucks", "has no 'until'", "conflict", "outside the bounds", "but kept at most",
    "which decides when", "has ended", "in the coded table", "has no 'on'", "unknown programme", "no stronger form",
    "looks at", "can change nothing", "the setting ends", "above 100 %", "does nothing", "hold at the same time",
    "same direction", "at most 100 %",
)  # fmt: skip
"""What the checker alone can tell: it spans several parts of a file, or compares a value with a bound."""


@pytest.mark.parametrize("path", sorted((Path(__file__).parent / "broken").glob("*.yaml")), ids=lambda path: path.stem)
def test_what_the_checker_refuses_for_its_type_the_schema_refuses_too(path):
    try:
        document = plain(read_yaml(path))
    except InputError:
        return  # no YAML at all
    faults = [problem.cause for problem in check_file(path)]
    if any(not any(words in fault for words in OF_SEVERAL_PARTS) for fault in faults):
        assert list(by_schema().iter_errors(document)), faults


@pytest.mark.parametrize("value", ["25", "25 ", "2.5e3", 25, 2.5, True, None, [], {}, "12 people", "12.000 %", "5 % %"])
@pytest.mark.parametrize("lever", ["us.tariff", "us.vehicle_capacity_cut", "us.trainers", "us.security_aid"])
def test_the_schema_refuses_a_value_that_the_checker_cannot_read(lever, value):
    document = plain(read_text(HEAD)) | {"levers": [{"lever": lever, "value": value}]}
    fits = not list(by_schema().iter_errors(document))
    assert fits is (lever == "us.trainers" and value == "12 people")


def test_the_schema_takes_closed_and_spanish_amounts_where_the_checker_does():
    settings = [{"lever": "us.vehicle_capacity_cut", "value": "closed"}, {"lever": "us.tariff", "value": "2,5 %"},
                {"lever": "us.agents_added", "value": "1 250 personas", "over": "4 semanas"}]  # fmt: skip
    document = plain(read_text(HEAD)) | {"levers": settings}
    assert not list(by_schema().iter_errors(document))
    document["levers"] = [{"lever": "us.tariff", "value": "closed"}]
    assert list(by_schema().iter_errors(document))


def read_text(text):
    from borderlab.base.yamlfile import parse_yaml

    return parse_yaml(text)


def test_the_starting_file_checks_ok(tmp_path):
    runner = CliRunner()
    path = tmp_path / "My first plan.yaml"
    assert runner.invoke(app, ["strategies", "new", str(path)]).exit_code == 0
    result = runner.invoke(app, ["strategies", "check", str(path)])
    assert result.output.strip() == "ok"
    assert load_strategy(path).id == "my-first-plan"
    assert runner.invoke(app, ["strategies", "new", str(path)]).exception is not None  # not written over


def test_check_json_contract(tmp_path):
    runner = CliRunner()
    path = tmp_path / "x.yaml"
    path.write_text(HEAD + rule(do="{lever: us.tarif, to: 5 %}"), encoding="utf-8")
    result = runner.invoke(app, ["strategies", "check", str(path), "--json"])
    assert result.exit_code == 2
    answer = json.loads(result.output)
    assert answer["ok"] is False
    assert [(one["line"], one["did_you_mean"]) for one in answer["errors"]] == [(8, "us.tariff")]
    path.write_text(HEAD + rule(), encoding="utf-8")
    result = runner.invoke(app, ["strategies", "check", str(path), "--json"])
    assert (result.exit_code, json.loads(result.output)) == (0, {"ok": True, "errors": []})


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", shipped())
def test_show_prints_the_file_and_the_words(name, lang):
    result = CliRunner().invoke(app, ["strategies", "show", name, "--lang", lang])
    assert result.exit_code == 0
    assert load_strategy(name).text.rstrip() in result.output


@pytest.mark.parametrize("command", [["list"], ["schema"], ["show", "border-leverage"]])
def test_json_is_one_object(command):
    extra = [] if command == ["schema"] else ["--json"]
    assert isinstance(json.loads(CliRunner().invoke(app, ["strategies", *command, *extra]).output), dict)


def test_levers_command_in_both_languages():
    rows = json.loads(CliRunner().invoke(app, ["levers", "--json"]).output)["levers"]
    assert {row["id"] for row in rows} == set(levers())
    for row in rows:
        assert {"unit", "low", "high", "default", "meaning_en", "meaning_es", "module", "grade", "source"} <= set(row)
    for lang in ("en", "es"):
        text = CliRunner().invoke(app, ["levers", "--lang", lang]).output
        assert all(name in text for name in levers())
    assert "Did you mean 'us.tariff'" in str(CliRunner().invoke(app, ["levers", "us.tarif"]).exception)


def test_words_of_the_design_example():
    one = strategy(
        rule(
            threaten="{for: 2 weeks}",
            lift="in steps of 25 % per 5000 people",
            at_least="1 week",
            at_most="4 weeks",
            then_rest="26 weeks",
            do="{lever: us.freight_inspection_share, at: [world-trade, pharr], to: 100 %}",
        )
    )
    assert plain_words(one)[-1] == (
        "– squeeze. When 4 weekly readings in a row show Mexican forces at the north border below 20,000 people, the "
        "United States announces in public, 2 weeks ahead, that it will put in force: added freight inspection at "
        "World Trade Bridge and Pharr Bridge, 100 %. It acts at the end of that time only if the reason for it still "
        "stands. This ends once 2 weekly readings in a row show Mexican forces at the north border above 25,000 "
        "people. As a reward, 25 % of the measure is lifted for every 5,000 people of increase in Mexican forces at "
        "the north border since it began. It stays in force at least one week and at most 4 weeks. It is not used "
        "again for 26 weeks."
    )
    assert plain_words(one, "es")[-1].startswith(
        "– squeeze. Cuando en 4 lecturas semanales seguidas el indicador «fuerzas mexicanas en la frontera norte» está "
        "por debajo de 20,000 personas, Estados Unidos anuncia en público, con 2 semanas de anticipación, que pondrá "
        "en vigor lo siguiente:"
    )


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", shipped())
def test_words_tell_every_number_of_a_rule(name, lang):
    one = load_strategy(name)
    said = plain_words(one, lang)
    for part in one.rules:
        line = next(text for text in said if text.startswith(f"– {part.title[lang]}."))
        assert "{" not in line
        assert "}" not in line
        for weeks in (part.at_most_weeks, part.rest_weeks, part.threaten.weeks if part.threaten else 0):
            if weeks and weeks > 1:
                assert re.search(rf"\b{weeks}\b", line), (part.id, weeks)


def test_words_read_as_a_sentence_in_both_languages():
    when = (
        "{all: [{any: [{before: 2030-01-01}, {after: 2031-01-01}, {leader_change: us, within: 4 weeks}]}, "
        "{not: {leader_change: either, within: 26 weeks}}, {rule: other, state: in force, for: 13 weeks}, "
        "{indicator: mx.effort_security_announced, above: 30 %, for: 13 weeks}]}"
    )
    body = rule(when=when, until="never", do="{lever: us.fast_share_added, to: 15 points}") + (
        "  - id: other\n    when: {after: 2027-01-01}\n    at_most_times: 1\n"
        "    do: {found: a-group, form: agreement, title: {en: A group, es: Un grupo}}\n"
    )
    english, spanish = (plain_words(strategy(body), lang)[-2:] for lang in ("en", "es"))
    assert english[0].startswith(
        "– squeeze. When no president of either country took office in the last 26 weeks, and the rule 'other' has "
        "been in force for 13 weeks, and 13 weekly readings in a row show announced Mexican effort on security above "
        "30 %, and either it is before 1 January 2030, or 1 January 2031 has come, or a president of the United States "
        "took office no more than 4 weeks ago, the United States puts in force: more trusted shippers (FAST), "
        "15 points."
    )
    assert english[1].endswith("the two governments found “A group” as a signed agreement. It is used once only.")
    assert spanish[0].startswith(
        "– squeeze. Cuando la Presidencia de ninguno de los dos países ha cambiado de titular en las últimas 26 "
        "semanas, y la regla 'other' lleva 13 semanas en vigor, y en 13 lecturas semanales seguidas el indicador "
        "«esfuerzo mexicano en seguridad, anunciado» está por encima de 30 %, y o bien es antes del 1 de enero de "
        "2030, o bien ha llegado el 1 de enero de 2031, o bien la Presidencia de Estados Unidos cambió de titular hace "
        "no más de "
    )
    assert spanish[1].endswith(
        "los dos gobiernos crean «Un grupo» mediante un acuerdo firmado. Se aplica una sola vez."
    )


def test_what_must_hold_together_is_told_apart_from_its_alternatives():
    when = "{any: [{after: 2031-01-01}, {all: [{before: 2030-01-01}, {leader_change: us, within: 4 weeks}]}]}"
    one = strategy(rule(when=when, until="never"))
    assert "When either 1 January 2031 has come, or together it is before 1 January 2030, and" in plain_words(one)[-1]
    assert ", o bien a la vez es antes del 1 de enero de 2030, y la Presidencia" in plain_words(one, "es")[-1]


def test_no_line_begins_with_a_percent_sign():
    for lang in ("en", "es"):
        text = CliRunner().invoke(app, ["strategies", "show", "institutional-dialogue", "--lang", lang]).output
        words = text.split("-" * 72, 1)[1]
        assert not re.search(r"^\s*%", words, flags=re.MULTILINE)
        assert not re.search(r"¶$", words, flags=re.MULTILINE)


def test_every_kind_of_condition_has_words():
    when = (
        "{all: [{any: [{leader_change: us, within: 4 weeks}, {after: 2027-01-01, before: 2028-01-01}], for: 2 weeks}, "
        "{not: {rule: other, state: threatened}}, {indicator: backlash, rises: 5 points, over: 4 weeks}, "
        "{indicator: mx.route_security, above: 10 %, below: 20 %}, {before: 2030-01-01}]}"
    )
    body = rule(when=when, until="never", at_most_times="3") + (
        "  - id: other\n    when: {leader_change: either}\n    threaten: {for: 3 weeks, public: no, carry_out: no}\n"
        "    do: [{lever: us.tariff, to: 5 %}]\n    until: {after: 2031-01-01}\n    lift: over 4 weeks\n"
        "  - id: third\n    when: {leader_change: mx}\n    do: {let_lapse: transfers-2025}\n    at_most_times: 1\n"
    )
    for lang in ("en", "es"):
        text = "\n".join(plain_words(strategy(body), lang))
        assert "{" not in text


def test_layers_replace_by_rule_and_lever_and_can_drop():
    base = load_strategy("border-leverage")
    one = parse_strategy(
        HEAD + "base: border-leverage\ndrop: [tariff-ladder, usmca-review]\n"
        "levers:\n  - {lever: us.trainers, value: 300 people}\n"
        "rules:\n  - id: squeeze-freight\n    when: {indicator: encounters, above: 9000 people/month}\n"
        "    do: {lever: us.tariff, to: 5 %}\n    until: {indicator: encounters, below: 5000 people/month}\n"
    )
    assert one.base == ("border-leverage",)
    ids = [part.id for part in one.rules]
    assert ids == [part.id for part in base.rules if part.id not in ("tariff-ladder", "usmca-review")]
    assert one.rule("squeeze-freight").lever_actions[0].lever == "us.tariff"
    settings = {c.lever: c.value for c in one.constants}
    assert settings == {"us.trainers": 300, "us.security_aid": 40e6, "us.intelligence_sharing": 0.6}


def test_a_dropped_rule_that_others_look_at_is_missed():
    from borderlab.base.problems import InputError

    with pytest.raises(InputError, match="tariff-ladder"):
        parse_strategy(HEAD + "base: border-leverage\ndrop: tariff-ladder\n")


def test_a_strategy_keeps_its_texts_and_pickles(tmp_path):
    (tmp_path / "mine.yaml").write_text(HEAD + "base: status-quo\n" + rule(), encoding="utf-8")
    one = load_strategy(tmp_path / "mine.yaml")
    assert set(one.texts) == {"mine.yaml", "status-quo.yaml"}
    assert load_texts(one.texts, "mine.yaml") == one == pickle.loads(pickle.dumps(one))
    assert one.hash == load_texts(one.texts, "mine.yaml").hash
    commented = strategy("# a remark\n" + rule())
    assert commented.hash == strategy(rule()).hash != strategy(rule(at_most="4 weeks")).hash


def test_reach():
    assert restricted_crossings(strategy(rule())) == {"world-trade": ["squeeze"]}
    assert restricted_crossings(load_strategy("status-quo")) == {}
