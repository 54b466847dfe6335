"""``make validation``: renews docs/validation.md, every figure with the command that makes it.

The public files are looked for in the folder that BORDERLAB_SHARED names, else in ``shared`` beside the project;
without them the sections that need them say so. Speed figures are those of the last ``make bench``.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from tests.crossings.reference_solutions import closed_form_rows

from borderlab.base.identity import bundle_hash
from borderlab.crossings.border import volumes
from borderlab.crossings.border.baseline import build_network, value
from borderlab.crossings.border.fitted import shipped
from borderlab.crossings.border.places import crossing
from borderlab.crossings.fitting import diversion
from borderlab.crossings.fitting.calibrate import calibrate
from borderlab.crossings.fitting.score import score
from borderlab.crossings.outcomes.contract import simulation_object
from borderlab.crossings.outcomes.simulate import simulate
from borderlab.crossings.queues.engine import run
from borderlab.crossings.scenarios.force import apply_restrictions
from borderlab.crossings.scenarios.library import load_scenario

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("BORDERLAB_SHARED") or ROOT.parent / "shared") / "data"
WAITS = DATA / "cbp_wait_times_hourly_2026-04_2026-07.csv.gz"
COUNTS = DATA / "bts_border_crossings_mexico.csv.gz"
HELD_BACK_DAYS = 21
MONTHS = ((2019, 7), (2022, 9), (2024, 10))
SEEDS = (1, 2, 3)


def grid(header: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A Markdown table."""
    return [
        "| " + " | ".join(header) + " |",
        "|" + "---|" * len(header),
        *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows),
        "",
    ]


def hostile() -> list[str]:
    """Counts of the last whole ``make torture``."""
    lines = ["## Hostile files, folders and surroundings", ""]
    path = ROOT / "docs" / "torture.json"
    if not path.exists():
        return [*lines, "`make torture` has not been run.", ""]
    kept = json.loads(path.read_text(encoding="utf-8"))
    rows = [(name, f"{one['tries']:,}", one["failures"], one["tracebacks"]) for name, one in kept["kinds"].items()]
    share = "" if kept["share"] == 1 else f", {kept['share']:.0%} of the broken copies"
    return [
        *lines,
        f"`make torture` of {kept['day']} (code {kept['code']}{share}). A try fails if it ends in a traceback, with no "
        "message, with a status that does not fit, out of time or memory, or with a command for the terminal in what "
        "it prints; a kill, if the run that goes on ends in other bytes; determinism, if any byte differs.",
        "",
        *grid(("kind", "tries", "failures", "tracebacks"), rows),
    ]


def closed_forms() -> list[str]:
    """Mean waits beside Erlang-C and Pollaczek–Khinchine."""
    rows = closed_form_rows()
    worst = max(rows, key=lambda row: abs(row.z))
    inside = sum(abs(row.z) <= 2 for row in rows)
    return [
        "## Queues against closed forms",
        "",
        f"{len(rows)} cases, mean wait in minutes; z is the difference in standard errors over independent lanes. "
        f"{inside} of {len(rows)} lie within two standard errors, the farthest at {worst.z:+.1f}. "
        "Twins in SimPy and Ciw with the same draws give the same waits: "
        "`pytest tests/crossings/test_engine_twins.py`.",
        "",
        *grid(
            ("system", "booths", "use", "shape", "theory", "simulated", "s.e.", "z"),
            (
                (row.system, row.servers, row.use, row.shape, f"{row.theory:.4f}", f"{row.simulated:.4f}",
                 f"{row.error:.4f}", f"{row.z:+.2f}")
                for row in rows
            ),
        ),
    ]  # fmt: skip


def counts() -> list[str]:
    """Simulated and counted entries by port and mode."""
    out = [
        "## Monthly counts by port and mode",
        "",
        "Entities served in an ordinary simulated month beside the count, one seed, diversion on. Arrivals are random: "
        "a port with 5,000 entries a month differs by 1.4 % by chance alone, so ports below 10,000 are listed apart.",
        "",
    ]
    rows, far = [], []
    for year, month in MONTHS:
        start = date(year, month, 1) - timedelta(days=2)
        network = build_network(start, volumes.days_in(year, month) + 2)
        served = run(network, 1).served[:, 48:].sum(axis=1)
        sums: dict[tuple[str, str], float] = {}
        for number, name in enumerate(network.crossing):
            key = (crossing(name).port, network.mode[number])
            sums[key] = sums.get(key, 0.0) + float(served[number])
        pairs = [(key, got, volumes.monthly(*key, year, month).entries) for key, got in sums.items()]
        for least, most, words in ((10_000, 1e12, "10,000 and more"), (1, 10_000, "fewer")):
            some = [(key, got / want - 1, want) for key, got, want in pairs if least <= want < most]
            inside = sum(abs(gap) <= 0.01 for _, gap, _ in some)
            worst = max(some, key=lambda one: abs(one[1]))
            rows.append(
                (
                    f"{year}-{month:02d}",
                    words,
                    f"{inside} of {len(some)}",
                    f"{worst[0][0]} {worst[0][1]}",
                    f"{worst[1]:+.2%}",
                )
            )
        for mode in ("truck", "vehicle", "pedestrian"):
            got = sum(each for key, each, _ in pairs if key[1] == mode)
            want = sum(each for key, _, each in pairs if key[1] == mode)
            far.append((f"{year}-{month:02d}", mode, f"{want:,.0f}", f"{got:,.0f}", f"{got / want - 1:+.2%}"))
    out += grid(("month", "entries a month", "within 1 %", "farthest", "by"), rows)
    out += ["All ports together:", "", *grid(("month", "mode", "counted", "simulated", "difference"), far)]
    return out


def held_back() -> list[str]:
    """The score on the last three weeks of readings, fitted on the rest."""
    out = [
        "## Posted waits that were not fitted on",
        "",
        "Fitted on all readings but those of the last three weeks; mean absolute error on those three weeks, beside "
        "the error of the hour-of-day median of the same fitting data. Target: ratio ≤ 1.05 over all lane classes.",
        "",
    ]
    if not WAITS.exists():
        return [*out, "The public wait-time file was not found; not renewed.", ""]
    last = shipped().made["last"]
    cut = date.fromisoformat(str(last)) - timedelta(days=HELD_BACK_DAYS)
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "table.json"
        made = calibrate([COUNTS] if COUNTS.exists() else None, WAITS, table, until=cut)
        found = score(WAITS, table=table, since=cut + timedelta(days=1))
    whole = score(WAITS)
    both = {row["lane"]: row for row in whole["by_lane"]}
    rows = [
        (row["lane"], f"{row['n']:,}", f"{row['mae_min']:.2f}", f"{row['mae_climatology_min']:.2f}",
         f"{row['ratio']:.3f}", f"{other['ratio']:.3f}")
        for row, other in [
            ({"lane": "**all**", **found["overall"]}, whole["overall"]),
            *((row, both[row["lane"]]) for row in found["by_lane"]),
        ]
    ]  # fmt: skip
    return [
        *out,
        *grid(
            (
                "lane class",
                "readings",
                "error, min",
                "median's error, min",
                "ratio",
                "ratio, shipped table on all it was fitted on",
            ),
            rows,
        ),
        f"Fit error of the table (usual against simulated median wait): {made.table.made['fit_error_min']:.1f} min; of "
        f"the shipped one {shipped().made['fit_error_min']:.1f} min.",
        "",
        "Command: `borderlab crossings calibrate --counts COUNTS --waits WAITS --until "
        f"{cut} --out table.json`, then `borderlab crossings score --table table.json --waits LATER`.",
        "",
    ]


def episode(name: str, title: str, words: str) -> list[str]:
    """One of the two episodes that diversion is fitted on."""
    wanted = diversion.targets(name)
    first, days = diversion.EPISODE_MONTH[name]
    mode = diversion.EPISODE_MODE[name]
    usual = diversion.of_mode(build_network(first, days), mode)
    restrictions = load_scenario(name).restrictions
    parameters = {
        "sensitivity": value(f"diversion_sensitivity_{mode}"),
        "put_off": value(f"put_off_{mode}"),
        "return_share": value(f"return_share_{mode}"),
    }
    tries = [
        diversion.try_parameters(usual, lambda net: apply_restrictions(net, restrictions), wanted, parameters, seed)
        for seed in SEEDS
    ]
    rows = []
    for target in wanted:
        gives = [one.gives[f"{target.measure}:{target.place}"] for one in tries]
        if target.measure == "change_pct":
            rows.append((f"change at {target.place}, %", f"{target.value:+.1f}", f"{np.mean(gives):+.1f}",
                         f"{np.mean(gives) - target.value:+.1f} points"))  # fmt: skip
        else:
            rows.append((f"longest posted wait at {target.place}, min", f"{target.value:.0f}", f"{np.mean(gives):.0f}",
                         f"{np.mean(gives) / target.value - 1:+.0%}"))  # fmt: skip
    return [
        f"## {title}",
        "",
        words,
        "",
        *grid(("what", "observed", f"simulated, mean of {len(SEEDS)} seeds", "difference"), rows),
        f"Command: `borderlab crossings simulate {name} --json`.",
        "",
    ]


def not_fitted() -> list[str]:
    """Published changes that no parameter was fitted on."""
    rows = []
    for name in ("san-ysidro-1985",):
        for one in simulation_object(simulate(load_scenario(name), SEEDS[0])).get("counted", []):
            what = f"{name}: {one['mode']}s at {one['port_name']}, {one['day'] or one['month']}, %"
            counted, given = one["counted_pct"], one["change_pct"]
            rows.append((what, f"{counted:+.1f}", f"{given:+.1f}", f"{given - counted:+.1f} points"))
    return [
        "## Published changes that nothing was fitted on",
        "",
        "The search of every car in 1985 turned away twice as many as the simulation says: 70 s a car in 24 booths, "
        "with the drivers' choices of 2019, is too mild. No parameter was bent to mend it.",
        "",
        *grid(("what", "observed", "simulated", "difference"), rows),
        "Command: `borderlab crossings simulate san-ysidro-1985 --json`, key `counted`.",
        "",
    ]


def threads() -> list[str]:
    """The same seed on one and two threads."""
    network = build_network(date(2022, 4, 1), 7)
    one, two = run(network, 7, threads=1), run(network, 7, threads=2)
    same = all(
        np.array_equal(getattr(one, name), getattr(two, name), equal_nan=name in ("posted", "wait_max"))
        for name in ("served", "arrivals", "put_off", "diverted_away", "wait_sum", "wait_max", "posted", "edge_flow")
    )
    verdict = "bit-identical" if same else "NOT identical"
    return [
        "## Same seed, other thread counts",
        "",
        f"One week of the whole border on one and on two threads: {verdict}.",
        "",
    ]


def speed() -> list[str]:
    """The figures of the last benchmark run."""
    out = ["## Speed", "", "Made by `make bench`, never by a test.", ""]
    path = ROOT / "docs" / "benchmarks.json"
    if not path.exists():
        return [*out, "No benchmark has been run on this tree.", ""]
    rows = []
    for group in json.loads(path.read_text(encoding="utf-8")).values():
        for row in group["results"]:
            sign = "≥" if row["unit"] == "times" else "≤"
            rows.append(
                (
                    row["what"],
                    f"{row['value']:g} {row['unit']}",
                    f"{sign} {row['target']:g}",
                    "met" if row["ok"] else "missed",
                    row.get("date", ""),
                )
            )
    return [*out, *grid(("what", "figure", "target", "", "date"), rows)]


def main() -> int:
    """Write docs/validation.md."""
    parts = [
        ("closed forms", closed_forms),
        ("counts", counts),
        ("held-back waits", held_back),
        ("April 2022", lambda: episode(
            "texas-2022", "April 2022: state inspections of trucks",
            "Trucks of the month against an ordinary April. The diversion of trucks and the inspected share are fitted "
            "on it: this is a fit, not a test. Ports: 2305 Hidalgo, 2402 El Paso, 2401 Ysleta, 2304 Laredo, "
            "2408 Santa Teresa, 2303 Eagle Pass, 2310 Roma, 2307 Rio Grande City, 2309 Progreso, 2301 Brownsville. "
            "Target: the first five within 8 points, the peaks within 40 %.")),
        ("April 2019", lambda: episode(
            "lane-withdrawal-2019", "April 2019: withdrawal of officers",
            "Cars of the month against an ordinary April; fitted on as well. How many car lanes closed was not "
            "published: the share that stayed open is fitted too. El Paso and Ysleta were counted together.")),
        ("not fitted", not_fitted),
        ("threads", threads),
        ("hostile input", hostile),
        ("speed", speed),
    ]  # fmt: skip
    lines = [
        "# Validation",
        "",
        "Renewed by `make validation`. Nothing here is a forecast: it says how far the simulator is from what was "
        "counted, posted or can be proved.",
        "",
    ]
    for name, make in parts:
        print(f"{name} …", file=sys.stderr, flush=True)
        lines += make()
    lines.append(f"Hash of code and tables: `{bundle_hash('validation')}`.")
    (ROOT / "docs" / "validation.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("docs/validation.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
