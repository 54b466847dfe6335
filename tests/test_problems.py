"""The error type that every bad input ends in, and how the command line shows it."""

import pytest

from borderlab.base.problems import InputError, ProblemList, nearest
from borderlab.base.safefile import whole_file, whole_folder
from borderlab.base.yamlfile import line_of, parse_yaml, read_yaml
from borderlab.language.units import QuantityError, parse_quantity


def test_all_problems_of_a_file_are_told_in_order():
    problems = ProblemList("a.yaml")
    problems.add("second.", line=9)
    problems.add("first.", line=2, did_you_mean="x")
    with pytest.raises(InputError) as caught:
        problems.raise_if_any()
    assert str(caught.value) == "a.yaml:2: first. Did you mean 'x'?\na.yaml:9: second."


def test_nearest_folds_case():
    assert nearest("World-Trade", ["world-trade", "colombia"]) == "world-trade"


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("45 min", "minute", 45),
        ("2 weeks", "day", 14),
        ("25%", "share", 0.25),
        ("31000 cars per day", "vehicle / hour", 31000 / 24),
        ("$90", "USD", None),
        ("90 $", "USD", 90),
        ("1.7 billion dollars", "USD", 1.7e9),
        ("20,000 people", "person", 20000),
    ],
)
def test_quantities(text, unit, value):
    if value is None:
        with pytest.raises(QuantityError):
            parse_quantity(text, unit)
    else:
        assert parse_quantity(text, unit) == pytest.approx(value)


@pytest.mark.parametrize("text", ["5", 5, True, None, "", "five weeks", "5 parsecs", "5 min of", "5 USD", "1 min; 2"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(QuantityError):
        parse_quantity(text, "minute")


def test_unknown_unit_names_the_nearest():
    with pytest.raises(QuantityError) as caught:
        parse_quantity("5 wekks", "day")
    assert caught.value.did_you_mean == "weeks"


def test_yaml_keeps_lines():
    document = parse_yaml("a: 1\nb:\n  - x: 2\n  - y: 3\n")
    assert line_of(document, "b") == 2
    assert line_of(document["b"], 1) == 4


@pytest.mark.parametrize(
    "body",
    [b"", b"   \n", b"a: [1", b"\xff\xfe\x00", b"- 1\n", b"a: 1\na: 2\n", b"just text", b"a: !!python/x 1\n\t- b"],
)
def test_bad_yaml_is_one_input_error(tmp_path, body):
    path = tmp_path / "x.yaml"
    path.write_bytes(body)
    with pytest.raises(InputError, match=r"x\.yaml"):
        read_yaml(path)


def test_large_yaml_is_refused_unread(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes(b"a: 1\n" * 600_000)
    with pytest.raises(InputError, match=r"3\.0 MB"):
        read_yaml(path)


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), whole_file(path) as part:
        part.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["x.txt"]


def test_a_strangers_folder_is_not_replaced(tmp_path):
    (tmp_path / "thesis.doc").write_text("dear")
    with pytest.raises(InputError, match="holds other files"), whole_folder(tmp_path, marker="run.json"):
        pass
    assert (tmp_path / "thesis.doc").read_text() == "dear"
