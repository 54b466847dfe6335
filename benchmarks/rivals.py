"""The port in SimPy, Ciw and salabim, each in the fastest form we know; mean waits are given back for a check."""

from __future__ import annotations

from collections import deque
from typing import Any

from benchmarks.port import BOOTHS, DOCKS, Draws


def simpy_port(vehicles: Draws) -> float:
    """SimPy: vehicles are tuples, pre-drawn; booths and docks pull from a Store."""
    import simpy

    env = simpy.Environment()
    line, referred = simpy.Store(env), simpy.Store(env)
    waited = 0.0
    gone = 0

    def source() -> Any:
        for gap, service, secondary in zip(vehicles.gaps, vehicles.services, vehicles.secondary, strict=True):
            yield env.timeout(gap)
            line.put((env.now, service, secondary))

    def booth() -> Any:
        nonlocal waited, gone
        while True:
            came, service, secondary = yield line.get()
            waited += env.now - came
            gone += 1
            yield env.timeout(service)
            if secondary:
                referred.put(secondary)

    def dock() -> Any:
        while True:
            minutes = yield referred.get()
            yield env.timeout(minutes)

    env.process(source())
    for _ in range(BOOTHS):
        env.process(booth())
    for _ in range(DOCKS):
        env.process(dock())
    env.run()
    return waited / gone


def salabim_port(vehicles: Draws) -> float:
    """salabim: vehicles are tuples in a deque, pre-drawn; booths and docks are components that passivate when idle."""
    import salabim as sim

    env = sim.Environment(trace=False, yieldless=False)
    line: deque[tuple[float, float, float]] = deque()
    referred: deque[float] = deque()
    idle: list[Any] = []
    idle_docks: list[Any] = []
    waited = [0.0, 0]

    class Source(sim.Component):
        def process(self) -> Any:
            for gap, service, secondary in zip(vehicles.gaps, vehicles.services, vehicles.secondary, strict=True):
                yield self.hold(gap)
                line.append((env.now(), service, secondary))
                if idle:
                    idle.pop().activate()

    class Booth(sim.Component):
        def process(self) -> Any:
            while True:
                while not line:
                    idle.append(self)
                    yield self.passivate()
                came, service, secondary = line.popleft()
                waited[0] += env.now() - came
                waited[1] += 1
                yield self.hold(service)
                if secondary:
                    referred.append(secondary)
                    if idle_docks:
                        idle_docks.pop().activate()

    class Dock(sim.Component):
        def process(self) -> Any:
            while True:
                while not referred:
                    idle_docks.append(self)
                    yield self.passivate()
                yield self.hold(referred.popleft())

    Source()
    for _ in range(BOOTHS):
        Booth()
    for _ in range(DOCKS):
        Dock()
    env.run()
    return waited[0] / waited[1]


def ciw_port(vehicles: Draws) -> float:
    """Ciw: two nodes; times pre-drawn, 10 % routed to the second node."""
    import ciw

    minutes = [secondary for secondary in vehicles.secondary if secondary]
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*vehicles.gaps, 1e12]), None],
        service_distributions=[ciw.dists.Sequential(vehicles.services), ciw.dists.Sequential(minutes)],
        routing=[[0.0, len(minutes) / len(vehicles.gaps)], [0.0, 0.0]],
        number_of_servers=[BOOTHS, DOCKS],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(len(vehicles.gaps), method="Finish")
    waits = [record.waiting_time for record in simulation.get_all_records() if record.node == 1]
    return sum(waits) / len(waits)
