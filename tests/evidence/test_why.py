"""``why``: every name answers, uses are derived, and a wrong name is put right."""

import ast
import re
from pathlib import Path

import pytest

import borderlab
from borderlab.base.problems import InputError
from borderlab.evidence.catalogue.catalogue import all_entries, tables
from borderlab.evidence.catalogue.figures import figures, find_figures
from borderlab.evidence.provenance.declared import Declarations, Declared
from borderlab.evidence.provenance.usage import readers
from borderlab.evidence.provenance.why import why as answer_why
from borderlab.evidence.tables.lever import levers
from borderlab.evidence.tables.parameter import parameters
from borderlab.evidence.tables.source import sources
from borderlab.model.run.declared import declarations
from borderlab.model.run.measures import measure_ids
from borderlab.report.book.text import answer_lines

PACKAGE = Path(borderlab.__file__).parent


def why(name):
    return answer_why(name, declarations())


def module_names():
    return {
        path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        for path in PACKAGE.rglob("*.py")
    }


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


def test_modules_that_are_named_are_there_and_read_the_name():
    """The declarations name modules of the package; each holds the parameter, or the effect or lever it sizes."""
    known = module_names()
    for name in ("kc", "eU", "v0", "mig.noise", "crossings.cost_truck_hour", "crossings.stage_room"):
        named = {use.name for use in why(name).used if use.kind == "module"}
        assert named
        assert named <= known
    assert {use.name for use in why("crossings.cost_truck_hour").used if use.kind == "module"} == {
        "crossings.border.baseline", "crossings.border.cost", "model.border.approximation", "model.modules.patterns",
    }  # fmt: skip


def test_a_parameter_says_what_it_moves():
    answer = why("mig.noise").to_json()
    assert {"arrivals", "encounters", "gotaways", "mx.detentions", "organisations.income"} <= set(
        answer["moves_directly"]
    )
    assert set(answer["moves_directly"]) <= set(answer["moves"])
    assert "apprehension_rate" not in answer["moves_directly"]


def test_a_fixed_parameter_and_a_switch_and_a_lever_say_what_they_move():
    fixed = next(id_ for id_, row in parameters().items() if row.distribution == "fixed" and "." not in id_)
    for name in (fixed, "institutions", "us.tariff", "surface.limit_vehicle"):
        assert why(name).to_json()["moves"], name


def test_no_parameter_switch_or_lever_moves_nothing():
    still = [name for name in (*parameters(), *levers()) if not why(name).moves]
    assert still == []


def test_what_sizes_a_lever_that_no_shipped_strategy_pulls_is_no_number_without_effect():
    """A strategy of one's own may pull it."""
    assert "mx.homicides" in why("mx.route_security.homicide").moves_directly


def test_a_measure_says_what_computes_it_and_what_moves_it():
    for id_ in measure_ids():
        answer = why(id_).to_json()
        assert len(answer["computed_by"]) == 1, id_
        assert answer["computed_by"][0] in module_names()
        assert answer["moved_by"], id_
        assert set(answer["moved_by"]) <= {*parameters(), *levers()}
    assert why("arrivals").computed_by == ("model.modules.migration",)


def test_moves_and_moved_by_are_two_sides_of_one_thing():
    for id_ in ("arrivals", "mx.homicides", "waits.truck"):
        moved_by = why(id_).moved_by
        for name in (*parameters(), *levers()):
            row = declarations().of("lever" if name in levers() else "parameter", name)
            if not name.startswith("observe."):  # series of what was observed have the same names
                assert (id_ in row.moves) == (name in moved_by), (name, id_)


def test_a_crossing_parameter_moves_outputs_of_a_simulation():
    from borderlab.crossings.outcomes.outcome import MEASURES

    answer = why("crossings.put_off_truck").to_json()
    assert {"put_off", "mean_wait_min", "us_imports_put_off_usd"} <= set(answer["moves"]) <= set(MEASURES)
    assert not any(name.startswith("us_imports") for name in why("crossings.put_off_vehicle").moves)


def test_without_declarations_the_tables_still_answer():
    answer = answer_why("kc")
    assert answer.value == parameters()["kc"].default
    assert answer.moves == ()
    assert {use.kind for use in answer.used} == {"claim"}


def test_what_is_declared_is_what_is_answered():
    own = Declarations({"parameter": {"kc": Declared(modules=("my.module",), moves=("arrivals", "encounters"))},
                        "indicator": {"arrivals": Declared(modules=("my.module",), moved_by=("kc",))}})  # fmt: skip
    answer = answer_why("kc", own)
    assert [use.name for use in answer.used if use.kind in ("module", "indicator")] == ["my.module", "arrivals"]
    assert answer.reached == ("encounters",)
    assert answer_why("arrivals", own).moved_by == ("kc",)
    assert Declarations.from_json(own.as_json()) == own


def test_the_text_tells_how_many_and_the_first_ones():
    kc, arrivals = why("kc"), why("arrivals")
    english, spanish = "\n".join(answer_lines(kc, "en")), "\n".join(answer_lines(kc, "es"))
    assert f"{len(kc.moves_directly)}: arrivals" in english
    assert re.search(r"^  mueve .*arrivals", spanish, re.M)
    assert "moves" not in spanish
    lines = answer_lines(arrivals, "es")
    assert any(re.match(r"  lo calcula\s+model.modules.migration", line) for line in lines)
    assert any(re.match(rf"  lo mueven\s+{len(arrivals.moved_by)}: ", line) for line in lines)
    assert len(lines) < 40


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
    modules = module_names()
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


def test_readers_of_tables_are_those_that_read_them():
    """``readers.csv`` and the calls in the code say the same, both ways."""
    listed = {row["table"]: set(row["modules"].split(";")) for _, row in tables()["readers"]}
    called: dict[str, set[str]] = {}
    texts = {name: path for path in PACKAGE.rglob("*.py")
             for name in [path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".")]}  # fmt: skip
    for name, path in texts.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "table" and node.args):
                continue
            if isinstance(node.args[0], ast.Constant):
                called.setdefault(str(node.args[0].value), set()).add(name)
    for table, names in called.items():
        outside = {name for name in names if not name.startswith("evidence.")}
        assert outside <= listed.get(table, set()), f"add to reference/readers.csv: {table}, {outside}"
    for table, names in listed.items():
        assert names <= set(texts), f"reference/readers.csv: {table} names modules that are not there"
        if not table.partition("/")[2] and table in called:
            continue  # a table of the evidence, which others read through its own module
        assert names <= called[table], f"reference/readers.csv: {table}"


def test_every_table_has_a_reader():
    for table in tables():
        kind = table.split("/")[0]
        if kind not in ("parameters", "levers", "indicators", "results", "readers"):
            assert readers(table), table


def test_evidence_reads_no_source_text_and_no_room_above():
    for path in (PACKAGE / "evidence").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert '"*.py"' not in text, path
        assert not re.search(r"from borderlab\.(model|crossings|observe|strategy|explore|report|api|cli)", text), path
