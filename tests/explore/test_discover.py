"""`borderlab discover` on users' files: contract, kinds of columns, and what is said of bad ones."""

from __future__ import annotations

import json

import numpy as np
import pytest

from borderlab.base.problems import InputError
from borderlab.cli.main import run
from borderlab.explore.discovery.runs_table import read_runs
from tests.explore.test_prim import bryant_file

GOOD = "a,b,kind,hit\n" + "".join(
    f"{i / 100},{i % 7},{'xyz'[i % 3]},{int(i > 60 and i % 3 == 0)}\n" for i in range(100)
)


def write(tmp_path, text, name="runs.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def command(capsys, *words):
    with pytest.raises(SystemExit) as left:
        run(["discover", *map(str, words)])
    return left.value.code, *capsys.readouterr()


def test_the_json_contract_on_the_published_runs(capsys):
    over = (
        "Cellulosic cost,Total biomass,Feedstock distribution,Cellulosic yield,Oil elasticity,Demand elasticity,"
        "Electricity coproduction,oil supply shift,Biomass backstop price"
    )
    words = ["--outcome", "Greater than 90%", "--over", over, "--threshold", "0.8", "--alpha", "0.1", "--json"]
    status, out, err = command(capsys, bryant_file(), *words)
    assert (status, err) == (None, "") or (status, err) == (0, "")
    found = json.loads(out)
    assert set(found) == {"boxes"}
    (box,) = found["boxes"]
    assert set(box) == {"trajectory", "limits", "coverage", "density", "mass"}
    assert set(box["trajectory"][0]) == {"coverage", "density", "mass", "restricted"}
    assert box["trajectory"][0] == {"coverage": 1.0, "density": 89 / 882, "mass": 1.0, "restricted": 0}
    step = box["trajectory"][21]
    assert (round(step["coverage"], 4), round(step["density"], 4), round(step["mass"], 4)) == (0.7528, 0.7701, 0.0986)
    assert (round(box["coverage"], 4), box["density"], round(box["mass"], 4)) == (0.5056, 1.0, 0.0510)
    assert len(box["limits"]) == 6


def test_numbers_whole_numbers_and_words_are_told_apart(tmp_path):
    table = read_runs(write(tmp_path, GOOD), "hit", ["a", "b", "kind"])
    assert dict(zip(table.variables.names, table.variables.kinds.tolist(), strict=True)) == {"a": 0, "b": 1, "kind": 2}
    assert int(table.hits.sum()) == int(np.sum([i > 60 and i % 3 == 0 for i in range(100)]))


def test_a_category_is_found(tmp_path, capsys):
    path = write(tmp_path, GOOD)
    _, out, _ = command(capsys, path, "--outcome", "hit", "--over", "a,b,kind", "--json")
    limits = json.loads(out)["boxes"][0]["limits"]
    assert limits["kind"] == ["x"]
    assert limits["a"][0] == pytest.approx(0.615)  # half way between runs 60 and 63, the neighbours with kind x


def test_true_false_semicolons_and_a_byte_order_mark(tmp_path):
    text = "\ufeffa;hit\n" + "".join(f"{i}.5;{'TRUE' if i > 5 else 'False'}\n" for i in range(10))
    assert read_runs(write(tmp_path, text), "hit", ["a"]).hits.tolist() == [False] * 6 + [True] * 4


@pytest.mark.parametrize(
    ("text", "outcome", "over", "said"),
    [
        (GOOD, "hits", "a", "there is no column 'hits'. Did you mean 'hit'?"),
        (GOOD, "hit", "a,hit", "cannot also be a column to search over"),
        (GOOD, "a", "b", "the outcome 'a' is '0.02'"),
        (GOOD, "hit", "", "no columns to search over"),
        (GOOD, "hit", "a,a", "named twice"),
        (GOOD.replace("\n0.5,", "\n,"), "hit", "a", "column 'a' is empty"),
        (GOOD.replace("\n0.5,", "\nhalf,"), "hit", "a", "column 'a' holds numbers, but here 'half'"),
        (GOOD.replace("\n0.5,", "\ninf,"), "hit", "a", "column 'a' is inf"),
        (GOOD.replace("\n0.5,", "\n0.5,9,"), "hit", "a", "the row has 5 cells; the header has 4"),
        ("a,hit\n1,0\n2,0\n", "hit", "a", "is 0 in every run"),
        ("a,hit\n1,1\n2,1\n", "hit", "a", "is 1 in every run"),
        ("a,hit\n1,1\n1,0\n", "hit", "a", "holds a single value"),
        ("a,hit\n", "hit", "a", "holds no runs"),
        ("", "hit", "a", "holds no runs"),
        ("a;hit\n0,5;1\n3;0\n", "hit", "a", "writes numbers with a comma, like '0,5'. Write them with a decimal point"),
        ("a,a,hit\n1,2,0\n1,2,1\n", "hit", "a", "stands twice in the header"),
        ("id,hit\n" + "".join(f"run {i},{i % 2}\n" for i in range(60)), "hit", "id", "holds 60 different words"),
    ],
)
def test_bad_tables_are_refused_with_file_and_cause(tmp_path, capsys, text, outcome, over, said):
    path = write(tmp_path, text)
    status, out, err = command(capsys, path, "--outcome", outcome, "--over", over)
    assert (status, out) == (2, "")
    assert said in err
    assert str(path) in err


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        read_runs(tmp_path / "no.csv", "hit", ["a"])


def test_columns_whose_names_hold_spaces_or_commas(tmp_path, capsys):
    path = write(tmp_path, GOOD.replace("a,b,kind", '"a, net",b b,kind', 1))
    _, out, _ = command(capsys, path, "--outcome", "hit", "--over", '"a, net", b b,kind', "--json")
    assert set(json.loads(out)["boxes"][0]["limits"]) == {"a, net", "kind"}


def test_few_runs_are_said_to_be_few(tmp_path, capsys):
    path = write(tmp_path, "a,hit\n1.5,1\n2.5,0\n")
    status, out, _ = command(capsys, path, "--outcome", "hit", "--over", "a")
    assert status in (None, 0)
    assert "too few to trust any box" in out
    assert "too few to trust" not in command(capsys, bryant_file(), "--outcome", "Greater than 90%", "--over",
                                             "Total biomass,Demand elasticity")[1]  # fmt: skip
