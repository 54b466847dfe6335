"""Makes the tables of volumes, shares, seasons, growth, lanes, trade and neighbours from public files.

Usage: ``python scripts/crossing_tables.py FOLDER``, where FOLDER holds the files that ``FILES`` names. The tables
hold facts in our own form, with a source on each row; no file is copied. Run again when the public files are renewed.
"""

from __future__ import annotations

import csv
import gzip
import math
import statistics
import sys
from collections import defaultdict
from pathlib import Path

OUT = Path(__file__).resolve().parents[1] / "src/borderlab/reference/crossings"
FILES = {
    "bts": "bts_border_crossings_mexico.csv.gz",
    "bridges": "cbp_texas_bridge_crossings.csv.gz",
    "trade": "bts_transborder_mexico_port_mode_month.csv.gz",
    "lanes": "cbp_lanes_open_summary.csv",
}
MODES = ("truck", "vehicle", "pedestrian")
BTS_MEASURE = {"Trucks": "truck", "Personal Vehicles": "vehicle", "Pedestrians": "pedestrian"}
BRIDGE_MODE = {
    "Commercial Trucks": "truck",
    "Passenger Vehicles": "vehicle",
    "Pedestrians/ Bicyclists": "pedestrian",
}
BRIDGES = {
    "Bridge of the Americas": "bota",
    "Good Neighbor Bridge": "stanton",
    "Paso del Norte Bridge": "paso-del-norte",
    "Fort Hancock-El Porvenir Bridge": "fort-hancock",
    "Marcelino Serna Bridge": "tornillo",
    "Boquillas": "boquillas",
    "Presidio-Ojinaga International Bridge": "presidio",
    "Ysleta Bridge": "ysleta",
    "Del Rio International Bridge": "del-rio",
    "Lake Amistad Dam Crossing": "lake-amistad",
    "Camino Real International Bridge": "eagle-pass-2",
    "Eagle Pass International Bridge": "eagle-pass-1",
    "Colombia Solidarity Bridge": "colombia",
    "Gateway to the Americas Bridge": "gateway-to-the-americas",
    "Juárez-Lincoln International Bridge": "juarez-lincoln",
    "World Trade Bridge": "world-trade",
    "Brownsville & Matamoros Express Bridge": "brownsville-bm",
    "Free Trade International Bridge (Los Indios)": "los-indios",
    "Gateway International Bridge": "brownsville-gateway",
    "Veterans International Bridge at Los Tomates": "veterans",
    "Anzalduas International Bridge": "anzalduas",
    "McAllen-Hidalgo International Bridge": "hidalgo",
    "Pharr International Bridge": "pharr",
    "Donna-Rio Bravo International Bridge": "donna",
    "Progreso International Bridge": "progreso",
    "Los Ebanos Ferry": "los-ebanos",
    "Starr-Camargo Bridge": "rio-grande-city",
    "Lake Falcon Dam International Crossing": "falcon-dam",
    "Roma-Ciudad Miguel Alemán International Bridge": "roma",
}
# Totals of all ports in 2023 and of each port in 2024 (source bts-annual-2023-2024): truck, vehicle, pedestrian.
TOTAL_2023 = {"truck": 7_356_659, "vehicle": 75_891_766, "pedestrian": 39_421_651}
PORTS_2024 = """2304 3026632 5088431 2954326
2506 1059759 6516286 2821230
2305 721489 4818746 2423877
2401 670627 3686710 1455681
2507 462526 2885826 518305
2604 404588 3778586 3257542
2301 304278 4800377 2988627
2303 256225 2934990 1074641
2408 169241 780912 152147
2402 133841 7544927 4751776
2302 75721 1751315 199836
2505 59689 1080944 886387
2309 58058 1479787 947149
2310 45862 850594 182390
2608 44246 3390657 2358433
2307 40989 469553 44050
2601 28640 1563077 854322
2404 20840 734583 58952
2406 18430 419376 350730
2403 11669 736605 211032
2603 3090 338355 88684
2602 767 403416 76611
2410 0 0 23621
2503 0 5381292 2607934
2582 0 0 2175047
2502 0 609752 538908
2504 0 14829472 6766420
2606 0 9997 406"""
# Splits of ports with several crossings outside Texas, judged from booths and open lanes: crossing, mode, years, share.
JUDGED_SHARES = [
    ("nogales-mariposa", "vehicle", 2015, 2025, 0.52),
    ("nogales-deconcini", "vehicle", 2015, 2025, 0.48),
    ("nogales-mariposa", "pedestrian", 2015, 2025, 0.06),
    ("nogales-deconcini", "pedestrian", 2015, 2025, 0.70),
    ("nogales-morley", "pedestrian", 2015, 2025, 0.24),
    ("san-ysidro", "pedestrian", 2015, 2015, 1.0),
    ("pedwest", "pedestrian", 2015, 2015, 0.0),
    ("san-ysidro", "pedestrian", 2016, 2019, 0.75),
    ("pedwest", "pedestrian", 2016, 2019, 0.25),
    ("san-ysidro", "pedestrian", 2020, 2022, 1.0),
    ("pedwest", "pedestrian", 2020, 2022, 0.0),
    ("san-ysidro", "pedestrian", 2023, 2023, 0.9),
    ("pedwest", "pedestrian", 2023, 2023, 0.1),
    ("san-ysidro", "pedestrian", 2024, 2025, 1.0),
    ("pedwest", "pedestrian", 2024, 2025, 0.0),
]
# Months in which an episode moved the counts: (id, modes, ports or None for all, first month, last month, clean
# months taken on each side). Their ordinary level is the season's shape times the level between the clean months.
EPISODES = [
    ("lane-withdrawal-2019", ("truck", "vehicle", "pedestrian"), "texas", "2019-04", "2019-05", 2),
    ("lane-withdrawal-2019", ("truck",), "2506;2604", "2019-04", "2019-05", 2),
    ("travel-limits-2020", ("vehicle", "pedestrian"), "all", "2020-03", "2021-11", 3),
    ("travel-limits-2020", ("truck",), "all", "2020-03", "2020-07", 3),
    ("texas-2022", ("truck",), "texas;2408;2406", "2022-04", "2022-04", 1),
]
TEXAS = {"2301", "2302", "2303", "2304", "2305", "2307", "2309", "2310", "2401", "2402", "2403", "2404"}

Months = dict[tuple[int, int], float]


def rows(path: Path) -> list[dict[str, str]]:
    """All rows of a CSV file, packed or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def write(name: str, note: str, header: list[str], body: list[list[object]]) -> None:
    """Write one table of the package."""
    with (OUT / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
        handle.write(f"# {note}\n")
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(body)
    print(f"{name}.csv: {len(body)} rows")


def days_in(year: int, month: int) -> int:
    """Days of a month."""
    return [31, 29 if year % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]


def bridge_counts(folder: Path) -> dict[tuple[str, str], Months]:
    """Counts by Texas crossing and mode."""
    out: dict[tuple[str, str], Months] = defaultdict(dict)
    for row in rows(folder / FILES["bridges"]):
        crossing, mode = BRIDGES.get(row["Crossing"]), BRIDGE_MODE.get(row["Modes"])
        if crossing and mode and row["Northbound Crossing"] not in ("", None):
            key = (int(row["Year"]), int(row["Month"]))
            if key[0] >= 2015:
                out[crossing, mode][key] = float(row["Northbound Crossing"])
    return out


def port_counts(folder: Path, bridges: dict[tuple[str, str], Months], port_of: dict[str, str]) -> dict:
    """Measured counts by port and mode; Texas months after the BTS file come from the bridge counts."""
    out: dict[tuple[str, str], Months] = defaultdict(dict)
    source: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    files: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for row in rows(folder / FILES["bts"]):
        year, month = int(row["month"][:4]), int(row["month"][5:7])
        if year < 2015:
            continue
        port = row["port_code"].zfill(4)
        files[port].add((year, month))
        mode = BTS_MEASURE.get(row["measure"])
        if mode:
            out[port, mode][year, month] = float(row["value"])
            source[port, mode, year].add("bts-border-crossings")
    by_port: dict[tuple[str, str], dict] = defaultdict(lambda: defaultdict(float))
    for (crossing, mode), months in bridges.items():
        for key, value in months.items():
            by_port[port_of[crossing], mode][key] += value
    for (port, mode), months in by_port.items():
        if port == "2410":
            continue
        for key, value in months.items():
            split = port in ("2401", "2402") and key < (2020, 3)
            if split or (key not in out[port, mode] and key > (2025, 2)):
                out[port, mode][key] = value
                source[port, mode, key[0]].add("cbp-texas-bridges")
    # from 2017 a missing row of a month that the file has for other measures is a zero; before, zeros are written out
    for port, seen in files.items():
        for mode in MODES:
            if any(out[port, mode].values()):
                for key in seen:
                    if key[0] >= 2017:
                        out[port, mode].setdefault(key, 0.0)
                        source[port, mode, key[0]].add("bts-border-crossings")
    out["2506", "truck"].pop((2021, 11), None)
    for month in (10, 12):
        out["2303", "pedestrian"].pop((2018, month), None)
    return {"counts": out, "source": source}


def in_episode(port: str, mode: str, key: tuple[int, int]) -> tuple | None:
    """The episode that a month of a port and mode lies in."""
    for episode in EPISODES:
        _, modes, ports, first, last, _ = episode
        names = set(ports.split(";"))
        hit = ports == "all" or port in names or ("texas" in names and port in TEXAS)
        text = f"{key[0]}-{key[1]:02d}"
        if hit and mode in modes and first <= text <= last:
            return episode
    return None


def season(counts: Months, port: str, mode: str) -> list[float]:
    """Per-day index of each month (mean 1 over the year's days), the median over whole clean years."""
    ratios: list[list[float]] = [[] for _ in range(12)]
    for year in range(2015, 2026):
        rates = {
            month: counts[year, month] / days_in(year, month)
            for month in range(1, 13)
            if (year, month) in counts and not in_episode(port, mode, (year, month))
        }
        if len(rates) < 9 or year in (2020, 2021):
            continue
        mean = statistics.fmean(rates.values())
        if mean > 0:
            for month, rate in rates.items():
                ratios[month - 1].append(rate / mean)
    index = [statistics.median(values) if values else 1.0 for values in ratios]
    mean = statistics.fmean(index) or 1.0
    return [value / mean for value in index]


def neighbours_of(places: list[dict[str, str]]) -> list[list[object]]:
    """Nearest crossings of the same mode: great-circle distance x 1.3 at 45 km/h (people 15 km/h, foot and bus)."""
    reach = {"truck": (220.0, 6), "vehicle": (120.0, 6), "pedestrian": (12.0, 4)}
    out = []
    for mode in MODES:
        limit, most = reach[mode]
        here = [place for place in places if mode in place["modes"].split(";")]
        for place in here:
            ranked = []
            for other in here:
                if other is not place:
                    km = 1.3 * great_circle(place, other)
                    if km <= limit:
                        ranked.append((km, other["id"]))
            for km, other_id in sorted(ranked)[:most]:
                speed, fixed = (45.0, 5.0) if mode != "pedestrian" else (15.0, 3.0)
                minutes = fixed + 60 * km / speed
                out.append(
                    [place["id"], other_id, mode, round(km, 1), round(minutes), "estimated", "borderlab-computed"]
                )
    return out


def great_circle(a: dict[str, str], b: dict[str, str]) -> float:
    """Distance in km by the haversine formula."""
    la, lb = math.radians(float(a["lat"])), math.radians(float(b["lat"]))
    dl = math.radians(float(a["lon"]) - float(b["lon"]))
    h = math.sin((la - lb) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin(dl / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(h))


def estimate(counts: Months, index: list[float], annual: dict[int, float]) -> Months:
    """The months of 2023 and 2024 that no file has: what the yearly total leaves, spread by the season."""
    out: Months = {}
    for year, total in annual.items():
        known = sum(counts.get((year, month), 0.0) for month in range(1, 13))
        open_months = [month for month in range(1, 13) if (year, month) not in counts]
        weight = {month: index[month - 1] * days_in(year, month) for month in open_months}
        left = max(total - known, 0.0)
        if sum(weight.values()) > 0:
            for month in open_months:
                out[year, month] = left * weight[month] / sum(weight.values())
    return out


def growth_of(yearly: dict[int, float], mode: str) -> float:
    """Growth a year from 2019 to 2024, held between -2 % and +4 %; 1 % where either year is empty."""
    first, last = yearly.get(2019, 0.0), yearly.get(2024, 0.0)
    if first < 5000 or last < 5000:
        return 0.01
    return min(max((last / first) ** 0.2 - 1, -0.02), 0.04)


def make_volumes(folder: Path, places: list[dict[str, str]]) -> None:
    """Monthly and yearly volumes, season, growth, and the split of ports to crossings."""
    port_of = {place["id"]: place["port"] for place in places}
    bridges = bridge_counts(folder)
    read = port_counts(folder, bridges, port_of)
    counts, source = read["counts"], read["source"]
    annual_2024 = {
        (line.split()[0], mode): float(line.split()[1 + n])
        for line in PORTS_2024.splitlines()
        for n, mode in enumerate(MODES)
    }
    index = {key: season(months, *key) for key, months in counts.items() if any(months.values())}
    raw_2023 = {}
    for port, mode in index:
        before = sum(counts[port, mode].get((2022, month), 0.0) for month in range(1, 13))
        raw_2023[port, mode] = (before + annual_2024.get((port, mode), before)) / 2
    for mode in MODES:
        scale = TOTAL_2023[mode] / sum(value for (_, m), value in raw_2023.items() if m == mode)
        for key in raw_2023:
            if key[1] == mode:
                raw_2023[key] *= scale
    monthly: list[list[object]] = []
    yearly: list[list[object]] = []
    seasons: list[list[object]] = []
    growth: list[list[object]] = []
    for port, mode in sorted(index, key=lambda key: (key[0], MODES.index(key[1]))):
        known = counts[port, mode]
        guessed = estimate(known, index[port, mode], {2023: raw_2023[port, mode], 2024: annual_2024[port, mode]})
        totals: dict[int, float] = {}
        for year in range(2015, 2026):
            cells = [known.get((year, month)) for month in range(1, 13)]
            names = ";".join(sorted(source[port, mode, year])) or "bts-border-crossings"
            if any(cell is not None for cell in cells):
                monthly.append([port, mode, year, "measured", *["" if c is None else round(c) for c in cells], names])
            filled = [guessed.get((year, month)) for month in range(1, 13)]
            if any(cell is not None for cell in filled):
                monthly.append(
                    [
                        port,
                        mode,
                        year,
                        "estimated",
                        *["" if c is None else round(c) for c in filled],
                        "bts-annual-2023-2024;borderlab-computed",
                    ]
                )
            total = sum(c for c in cells if c is not None) + sum(c for c in filled if c is not None)
            totals[year] = total
            missing = [m for m in range(1, 13) if cells[m - 1] is None]
            grade = "measured" if not missing else ("estimated" if year in (2023, 2024) else "partial")
            if year == 2024:
                grade, names = "measured", "bts-annual-2023-2024"
            if year == 2023:
                names = "bts-annual-2023-2024;borderlab-computed"
            if len(missing) < 12 or year in (2023, 2024):
                gaps = ";".join(f"{m:02d}" for m in missing)
                yearly.append([port, mode, year, round(total), grade, gaps, names])
        seasons.append(
            [port, mode, *[f"{value:.3f}" for value in index[port, mode]], "borderlab-computed;bts-border-crossings"]
        )
        growth.append(
            [port, mode, f"{growth_of(totals, mode):.4f}", "estimated", "borderlab-computed;bts-border-crossings"]
        )
    write(
        "monthly",
        "Northbound entries by port, mode and month. measured: read from the files; estimated: the yearly total spread "
        "by the season.",
        ["port", "mode", "year", "grade", *[f"m{m:02d}" for m in range(1, 13)], "source"],
        monthly,
    )
    write(
        "volumes",
        "Northbound entries by port, mode and year. partial: the months in 'missing' are in no file; estimated: see "
        "monthly.csv.",
        ["port", "mode", "year", "entries", "grade", "missing", "source"],
        yearly,
    )
    write(
        "months",
        "Per-day index of each month (mean 1), median over clean years 2015-2019 and 2022-2025.",
        ["port", "mode", *[f"f{m:02d}" for m in range(1, 13)], "source"],
        seasons,
    )
    write(
        "growth",
        "Yearly growth used after the last counted month: 2019-2024, held between -2 % and +4 %.",
        ["port", "mode", "per_year", "grade", "source"],
        growth,
    )
    write(
        "episodes",
        "Months in which an episode moved the counts; the ordinary level is used for baselines.",
        ["episode", "modes", "ports", "first", "last", "clean_months", "source"],
        [[e, ";".join(m), p, a, b, c, "borderlab-judgement"] for e, m, p, a, b, c in EPISODES],
    )
    write(
        "shares",
        "Split of a port's entries to its crossings, by mode and year.",
        ["crossing", "mode", "year", "share", "grade", "source"],
        shares(bridges, port_of, places),
    )


def shares(bridges: dict, port_of: dict[str, str], places: list[dict[str, str]]) -> list[list[object]]:
    """Texas splits from bridge counts; the others judged or the only crossing of the mode."""
    out: list[list[object]] = []
    for mode in MODES:
        by_port: dict[str, list[str]] = defaultdict(list)
        for place in places:
            if mode in place["modes"].split(";"):
                by_port[place["port"]].append(place["id"])
        for port, ids in by_port.items():
            if len(ids) == 1:
                continue
            if port not in TEXAS:
                for crossing, judged_mode, first, last, share in JUDGED_SHARES:
                    if judged_mode == mode and port_of[crossing] == port:
                        out += [
                            [crossing, mode, year, share, "judged", "borderlab-judgement"]
                            for year in range(first, last + 1)
                        ]
                continue
            for year in (*range(2015, 2023), 2024, 2025):
                sums = {c: sum(v for (y, _), v in bridges.get((c, mode), {}).items() if y == year) for c in ids}
                total = sum(sums.values())
                for crossing in ids:
                    if total:
                        out.append(
                            [crossing, mode, year, f"{sums[crossing] / total:.4f}", "measured", "cbp-texas-bridges"]
                        )
    return sorted(out, key=lambda row: (str(row[0]), str(row[1]), int(str(row[2]))))


def make_lanes(folder: Path, places: list[dict[str, str]]) -> None:
    """Booths per lane class: the 99th percentile of open lanes without faults; defaults where nothing was read."""
    number = {n: place["id"] for place in places for n in (place["cbp"] or "").split(";") if n}
    best: dict[tuple[str, str], tuple[float, float, int]] = {}
    for row in rows(folder / FILES["lanes"]):
        crossing = number.get(row["port_number"])
        if not crossing:
            continue
        lane = row["lane"].replace("_", "-")
        p99, p95, median, n = (
            float(row["lanes_open_p99"]),
            float(row["lanes_open_p95"]),
            float(row["lanes_open_median"]),
            int(row["n"]),
        )
        most = p99 if p99 <= 22 else (p95 if p95 <= 12 else max(2 * median, 2))
        old = best.get((crossing, lane))
        if old is None or n > old[2]:
            best[crossing, lane] = (most, median, n)
    body: list[list[object]] = []
    for place in places:
        for mode in place["modes"].split(";"):
            lanes = [lane for lane in LANES[mode] if (place["id"], lane) in best and best[place["id"], lane][2] >= 30]
            for lane in lanes:
                most, median, n = best[place["id"], lane]
                body.append(
                    [
                        place["id"],
                        lane,
                        max(1, math.ceil(most)),
                        max(1, round(median)),
                        "measured" if n > 50 else "estimated",
                        "cbp-bwt-readings",
                        "2026-07",
                    ]
                )
            if not lanes:
                for lane, booths, usual in DEFAULT_LANES.get((place["id"], mode), [(LANES[mode][0], 1, 1)]):
                    body.append(
                        [
                            place["id"],
                            lane,
                            booths,
                            usual,
                            "estimated",
                            "cbp-bwt" if (place["id"], mode) in DEFAULT_LANES else "txdot-bridges;borderlab-judgement",
                            "2026-07",
                        ]
                    )
    write(
        "lanes",
        "Lane classes of each crossing: most booths open (99th percentile) and booths usually open.",
        ["crossing", "lane", "booths", "usual", "grade", "source", "date"],
        body,
    )


LANES = {
    "truck": ("commercial-standard", "commercial-fast"),
    "vehicle": ("passenger-standard", "passenger-ready", "passenger-sentri"),
    "pedestrian": ("pedestrian-standard", "pedestrian-ready"),
}
DEFAULT_LANES = {
    ("cross-border-xpress", "pedestrian"): [("pedestrian-standard", 8, 5), ("pedestrian-ready", 3, 1)],
    ("otay-mesa-commercial", "truck"): [("commercial-standard", 8, 5), ("commercial-fast", 3, 3)],
    ("pedwest", "pedestrian"): [("pedestrian-standard", 8, 4), ("pedestrian-ready", 4, 1)],
    ("colombia", "pedestrian"): [("pedestrian-standard", 1, 1)],
    ("eagle-pass-1", "pedestrian"): [("pedestrian-standard", 3, 2)],
    ("eagle-pass-2", "pedestrian"): [("pedestrian-standard", 2, 1)],
    ("del-rio", "pedestrian"): [("pedestrian-standard", 2, 1)],
    ("los-indios", "pedestrian"): [("pedestrian-standard", 4, 1)],
    ("lake-amistad", "vehicle"): [("passenger-standard", 2, 1)],
    ("falcon-dam", "vehicle"): [("passenger-standard", 2, 1)],
}


def make_trade(folder: Path) -> None:
    """Value by port, truck or rail, and direction in 2023."""
    names = {"5": "truck", "6": "rail"}
    sums: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in rows(folder / FILES["trade"]):
        if (
            row["YEAR"] == "2023"
            and row["DISAGMOT"] in names
            and row["DEPE"][:2] in ("23", "24", "25", "26")
            and row["DEPE"].isdigit()
        ):
            direction = "northbound" if row["TRDTYPE"] == "2" else "southbound"
            sums[row["DEPE"], names[row["DISAGMOT"]], direction] += float(row["VALUE"])
    body = [
        [*key, 2023, round(value), "measured", "bts-transborder"] for key, value in sorted(sums.items()) if value > 0
    ]
    write(
        "trade",
        "Freight value in US dollars by port, means of transport and direction. Northbound is not two-way.",
        ["port", "transport", "direction", "year", "usd", "grade", "source"],
        body,
    )


def main() -> None:
    """Make every table."""
    folder = Path(sys.argv[1])
    with (OUT / "places.csv").open(encoding="utf-8", newline="") as handle:
        places = list(csv.DictReader(line for line in handle if not line.startswith("#")))
    make_volumes(folder, places)
    make_lanes(folder, places)
    make_trade(folder)
    write(
        "neighbours",
        "Where traffic can turn to: road distance is great-circle x 1.3; 45 km/h and 5 min (people: 15 km/h and "
        "3 min).",
        ["crossing", "to", "mode", "distance_km", "detour_min", "grade", "source"],
        neighbours_of(places),
    )


if __name__ == "__main__":
    main()
