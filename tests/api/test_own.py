"""What a researcher brings: a module, a lever, a measure, an indicator; each named in the identity."""

from __future__ import annotations

import pytest

import borderlab as bl
from borderlab.model.modules.violence import Violence

SOURCE = {"source": "essay-judgement", "date": "2026-11-27"}


class Calm(bl.Module):
    """Homicides that nothing moves."""

    name = "violence"
    parameters = bl.names(homicides_today="today.homicides")
    writes = {"homicides": "deaths/month"}  # noqa: RUF012
    measures = (bl.Measure("mx.homicides", "homicides"),)

    @staticmethod
    def step(homicides_today):
        """As they are today."""
        return {"homicides": homicides_today}


class Ledger(bl.Module):
    """A measure of one's own, of what another module writes."""

    name = "ledger"
    reads = bl.names(homicides="violence.homicides")
    writes = {"yearly": "deaths/year"}  # noqa: RUF012
    measures = (bl.Measure("my.homicides_a_year", "yearly"),)

    @staticmethod
    def step(homicides):
        """Twelve months of this week's rate."""
        return {"yearly": 12.0 * homicides}


def row_of(table, id_):
    from borderlab.evidence.catalogue.catalogue import rows_of

    return next(dict(cells) for _, cells in rows_of(table) if cells["id"] == id_)


def test_an_own_module_takes_the_place_of_a_shipped_one(few):
    shipped = bl.run("border-leverage", futures=few, years=1)
    mine = bl.run("border-leverage", futures=few, years=1, modules=[Calm])
    assert mine.measures["mx.homicides"].nunique() == 1
    assert shipped.measures["mx.homicides"].nunique() > 1
    same = [name for name in shipped.measures if name != "mx.homicides"]
    assert mine.measures[same].equals(shipped.measures[same])
    assert mine.hash != shipped.hash
    assert list(mine.identity.inputs["own"]["modules"]) == ["violence"]
    assert "module violence" in mine.text()


def test_the_shipped_module_as_an_own_one_changes_nothing(few):
    class Again(Violence):
        """The same equations."""

    mine, shipped = (bl.run("status-quo", futures=few, years=1, modules=one) for one in ([Again], []))
    assert mine.measures.equals(shipped.measures)


def test_an_own_measure_needs_no_table_to_be_read(few):
    mine = bl.run("status-quo", futures=few, years=1, modules=[Ledger])
    assert mine.measures["my.homicides_a_year"].to_numpy() == pytest.approx(
        12 * mine.measures["mx.homicides"].to_numpy()
    )
    assert mine.measures.attrs["units"]["my.homicides_a_year"] == "deaths/year"
    assert mine.to_json()["measures"]["my.homicides_a_year"]["unit"] == "deaths/year"


def test_with_an_indicator_of_its_own_it_is_compared_like_any_other(few):
    row = {**row_of("indicators/model", "mx.homicides"), "id": "my.homicides_a_year", "unit": "deaths/year"}
    with bl.use_tables({"indicators/mine": [row]}) as laid:
        futures = bl.futures(240, seed=3, plausible=True)
        done = bl.compare(["treaty-alliance"], futures=futures, years=1, modules=[Ledger])
        assert done.robustness("my.homicides_a_year")["median"].gt(0).all()
        assert done.identity.inputs["own"]["tables"] == laid.content
        assert bl.evidence.why("my.homicides_a_year").unit == "deaths/year"
        with pytest.raises(bl.InputError, match="drawn under other tables"):
            bl.run("status-quo", futures=few, years=1)
    with pytest.raises(bl.InputError):
        bl.evidence.why("my.homicides_a_year")
    assert bl.compare(["treaty-alliance"], futures=few, years=1).identity.inputs.get("own") is None


def own_lever(tmp_path, effect="homicide", size="0.4"):
    lever = {**row_of("levers/mx", "mx.guard_north"), "id": "mx.my_patrols", "effects": effect}
    name = f"mx.my_patrols.{effect}"
    known = row_of("parameters/levers", "mx.guard_north.effort_security")
    parameter = {**known, "id": name, "distribution": "fixed", "low": "", "high": "", "default": size}
    for table, row in (("levers/mine", lever), ("parameters/levers", parameter)):
        path = tmp_path / f"{table}.csv"
        path.parent.mkdir(exist_ok=True)
        head, cells = ",".join(row), ",".join(f'"{cell}"' for cell in row.values())
        path.write_text(f"{head}\n{cells}\n", encoding="utf-8")
    return tmp_path


STRATEGY = """
schema: borderlab/strategy/1
id: my-patrols
title: {en: Patrols, es: Patrullas}
gist: {en: More patrols., es: Más patrullas.}
levers:
  - {lever: mx.my_patrols, value: 40000 person}
"""


def test_an_own_lever_in_a_folder_moves_what_its_effect_moves(tmp_path):
    with bl.use_tables(own_lever(tmp_path)):
        mine = bl.Strategy.from_text(STRATEGY)
        futures = bl.futures(40, seed=3)
        moved, still = (bl.run(one, futures=futures, years=1, baseline=None) for one in (mine, "status-quo"))
        assert (moved.measures["mx.homicides"] > still.measures["mx.homicides"]).all()
        assert moved.identity.inputs["own"]["tables"].keys() == {"levers/mine", "parameters/levers"}
    with pytest.raises(bl.InputError, match=r"mx\.my_patrols"):
        bl.Strategy.from_text(STRATEGY)


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"crossings/places": [{"id": "x"}]}, "may not be laid over"),
        ({"levers/mine": [{"actor": "us"}]}, "has no id"),
        ({"indicators/mine": [{"id": "my.x", "colour": "red"}]}, "colour"),
        ("no-such-folder", "is no folder of tables"),
    ],
)
def test_tables_that_cannot_be_laid_are_refused_and_leave_nothing(tables, said):
    from borderlab.evidence.tables.laid import layers

    with pytest.raises(bl.InputError, match=said):
        bl.use_tables(tables)
    assert layers() == ()


def test_an_effect_that_nobody_takes_up_is_refused(tmp_path):
    with pytest.raises(bl.InputError, match="Did you mean 'homicide'"):
        bl.use_tables(own_lever(tmp_path, effect="homicde"))
    assert "mx.my_patrols" not in bl.evidence.levers().index


def test_a_module_that_does_not_fit_is_told_with_everything_that_is_wrong():
    class Odd(bl.Module):
        """Reads what nobody writes, and asks for what it does not declare."""

        name = "odd"
        reads = bl.names(x="violence.nothing")
        writes = {"y": "index"}  # noqa: RUF012

        @staticmethod
        def step(x, z):
            """Nonsense."""
            return {"y": x + z}

    with pytest.raises(bl.InputError) as error:
        bl.run("status-quo", futures=20, modules=[Odd])
    assert len(error.value.problems) >= 2
