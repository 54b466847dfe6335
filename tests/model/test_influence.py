"""What ``borderlab why`` says that a parameter moves is what it moves: each is moved alone, in runs of the model."""

from scripts.influence import beyond, listed, moved_by_levers, moved_by_parameters, unmoved

from borderlab.model.run.influence import directly, moves


def test_what_moves_is_what_the_graph_says():
    found = {**moved_by_parameters(), **moved_by_levers()}
    assert beyond(found) == [], "these measures moved, and the graph of the equations does not say so"
    new = {(node, id_) for node, id_, _ in unmoved(found)} - listed()
    # Renewed by: python -m scripts.influence --renew
    assert not new, "the graph says that these move, nothing moved them, and they are not in tests/model/unmoved.csv"


def test_noise_of_arrivals_reaches_what_people_do():
    found = set(directly("parameter:mig.noise"))
    assert {"arrivals", "encounters", "gotaways", "mx.detentions", "mx.people_waiting", "organisations.income"} <= found
    assert "apprehension_rate" not in found  # a share of those who arrive, however many


def test_a_gate_for_people_on_foot_costs_no_freight():
    found = set(moves("lever:us.pedestrian_capacity_cut"))
    assert "waits.pedestrian" in found
    assert not {"trade.lost", "waits.truck", "throughput.truck"} & found


def test_the_price_of_guns_moves_homicides_and_nothing_else_of_itself():
    assert directly("parameter:org.guns") == ("mx.homicides",)
