"""Parameters of the border: what is read is declared, what is said to move moves, other values leave no trace."""

import ast
import threading
from pathlib import Path

import numpy as np
import pytest
from scripts.border_influence import said, wrong

import borderlab
from borderlab.crossings.border import baseline, cost
from borderlab.crossings.border.cost import cost_per_hour, delayed_after_min, prices
from borderlab.crossings.fitting import estimate
from borderlab.crossings.fitting.invert import invert_mode
from borderlab.crossings.outcomes.outcome import MEASURES
from borderlab.crossings.surfaces import pattern, response
from borderlab.evidence.tables.parameter import changed, parameters, remembered
from borderlab.evidence.tables.reads import Reads
from borderlab.model.run.declared import readings

ROOT = Path(borderlab.__file__).parent


def test_what_is_said_of_each_parameter_moves_and_nothing_else():
    """Short simulations, each parameter at both ends of its range; small surfaces for those of surfaces."""
    assert wrong() == []


def test_outputs_are_keys_of_what_is_printed():
    assert {name for outputs in said().values() for name in outputs} <= set(MEASURES)
    for outputs in pattern.READS.reach.values():
        assert set(outputs) <= set(response.outputs())


def test_every_parameter_of_the_border_is_declared_by_who_reads_it():
    declared = {id_ for reads in readings() for id_ in reads.reach}
    mine = {id_ for id_ in parameters() if id_.split(".")[0] in ("crossings", "observe")}
    assert mine <= declared
    assert declared <= set(parameters())


def test_what_is_not_declared_is_refused():
    own = Reads("borderlab.crossings.border.mine", {"crossings.dock_use": ("delay_hours",)})
    assert own.number("crossings.dock_use") == 0.75
    assert own.module == "crossings.border.mine"
    with pytest.raises(KeyError, match="'kc', which it does not declare"):
        own.number("kc")
    with pytest.raises(KeyError, match="service_shape"):
        baseline.value("service_shape")


def test_no_module_of_the_border_reads_the_register_past_its_declaration():
    """Only what shows the whole register, or reads what futures draw, may ask for it."""
    free = {"crossings/surfaces/response.py", "crossings/surfaces/surface.py"}
    for room in ("crossings", "observe"):
        for path in (ROOT / room).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            asks = any(isinstance(node, ast.Call) and ast.unparse(node.func) == "parameters" for node in ast.walk(tree))
            assert not asks or path.relative_to(ROOT).as_posix() in free, path


def test_other_values_hold_while_they_are_set_and_no_longer():
    usual = cost_per_hour("truck"), delayed_after_min()
    with changed({"crossings.cost_truck_hour": 50.0}):
        assert cost_per_hour("truck") == 50.0
        assert prices()["truck"].default == 50.0
        with changed({"crossings.delayed_after": 30}):
            assert (cost_per_hour("truck"), delayed_after_min()) == (50.0, 30.0)
        assert delayed_after_min() == usual[1]
    assert (cost_per_hour("truck"), delayed_after_min()) == usual
    with pytest.raises(ZeroDivisionError), changed({"crossings.cost_truck_hour": 50.0}):
        raise ZeroDivisionError
    assert cost_per_hour("truck") == usual[0]


def test_other_values_of_one_thread_are_not_those_of_another():
    seen = []
    with changed({"crossings.cost_truck_hour": 50.0}):
        other = threading.Thread(target=lambda: seen.append(cost_per_hour("truck")))
        other.start()
        other.join()
    assert seen == [cost_per_hour("truck")]


def test_an_unknown_parameter_cannot_be_changed():
    with pytest.raises(KeyError), changed({"crossings.no_such": 1.0}):
        pass


def test_what_was_worked_out_with_other_values_is_not_given_again():
    calls = []

    @remembered
    def twice(factor: float) -> float:
        calls.append(factor)
        return factor * cost.READS.number("crossings.delayed_after")

    assert (twice(2.0), twice(2.0)) == (120.0, 120.0)
    with changed({"crossings.delayed_after": 30.0}):
        assert twice(2.0) == 60.0
    assert twice(2.0) == 120.0
    assert len(calls) == 2


def test_parameters_of_the_first_fit_move_the_service_time():
    """A made crossing of two lanes: the ratio and the longest time bind, and the shape changes what a wait tells."""

    def fitted(shape, longest, lane="passenger-ready"):
        usual, booths = [np.full(168, 12.0), np.full(168, 6.0)], [np.full(168, 4), np.full(168, 2)]
        ratio = [1.0, estimate.service_ratio(lane)]
        service, _ = invert_mode(usual, booths, ratio, 30_000.0, shape, longest)
        return service, service * ratio[1]

    for lane, id_ in estimate._RATIO.items():
        before = fitted(2.0, 9.0, lane)
        with changed({id_: parameters()[id_].low}):
            assert fitted(2.0, 9.0, lane)[1] < before[1], id_
    assert fitted(2.0, 9.0)[0] != fitted(4.0, 9.0)[0]
    assert fitted(2.0, 0.2)[0] == pytest.approx(0.2)
    assert estimate.READS.reach.keys() >= {"crossings.service_shape", "crossings.longest_service_truck"}
