"""Makes ``reference/observe/coverage.csv``: the parts that make a whole, and how much each weighs.

Usage: ``python scripts/coverage_table.py FOLDER``, where FOLDER holds the public files that are read below. The table
holds shares computed from them, with a source on each row; no file is copied.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

REFERENCE = Path(__file__).resolve().parents[1] / "src/borderlab/reference"
OUT = REFERENCE / "observe/coverage.csv"
HEAD = """\
# The parts that make a whole, with their share of it in percent. scope: the share is of these rows (as in feeds.csv);
# empty = of all. first, last: months in which the part exists. A sum that lacks more than 1 % of the whole is no sum
# over all (coverage_columns.csv).
# Made by scripts/coverage_table.py; shares of field offices in encounters are rounded judgement.
"""
BLOCKS = (("1996-01", "2004-12"), ("2005-01", "2014-12"), ("2015-01", None))
BTS = (
    "Trucks", "Personal Vehicles", "Pedestrians", "Buses", "Trains", "Truck Containers Loaded",
    "Truck Containers Empty", "Rail Containers Loaded",
)  # fmt: skip
ZEROS_AT_FIRST = (
    "2504",
)  # San Ysidro stands with zeros until February 1997: a known fault, not a port that was closed
DRUGS = ("Fentanyl", "Methamphetamine", "Cocaine", "Heroin", "Marijuana")
SECTORS = {
    "San Diego": "san-diego", "El Centro": "el-centro", "Yuma": "yuma", "Tucson": "tucson", "El Paso": "el-paso",
    "Big Bend": "big-bend", "Del Rio": "del-rio", "Laredo": "laredo", "Rio Grande Valley": "rio-grande-valley",
}  # fmt: skip
# Field offices take about a fifth of encounters at the Southwest border; their split is judgement.
OFFICES = {"San Diego": 5.5, "Tucson": 3.0, "El Paso": 3.0, "Laredo": 7.0}
MODES = {1: "vessel", 3: "air", 4: "mail", 5: "truck", 6: "rail", 7: "pipeline", 8: "other", 9: "foreign trade zone"}
LANES = {
    "commercial": "commercial-standard|commercial-fast",
    "passenger": "passenger-standard|passenger-ready|passenger-sentri",
    "pedestrian": "pedestrian-standard|pedestrian-ready",
}
Row = tuple[str, str, str, str, str, str, str, float, str]


def bts(con: Any, folder: Path) -> Iterator[Row]:
    """Ports by measure, in three blocks of years."""
    con.execute(
        "CREATE VIEW bts AS SELECT * FROM read_csv(?, all_varchar=true)".replace(
            "?", _quoted(folder / "bts_border_crossings_mexico.csv.gz")
        )
    )
    for measure in BTS:
        ports = con.execute(
            "SELECT port_code, arg_max(port_name, month),"
            " coalesce(min(month) FILTER (measure = ? AND value::DOUBLE > 0), min(month)) FROM bts"
            " GROUP BY 1 ORDER BY 1",
            [measure],
        ).fetchall()
        for first, last in BLOCKS:
            shares = dict(
                con.execute(
                    "SELECT port_code, sum(value::DOUBLE) FROM bts WHERE measure = ? AND month BETWEEN ? AND ?"
                    " GROUP BY 1",
                    [measure, first, last or "9999"],
                ).fetchall()
            )
            whole = sum(shares.values())
            for code, name, seen in ports:
                since = "1996-01" if code in ZEROS_AT_FIRST else seen
                if since <= (last or "9999"):
                    share = 100 * shares.get(code, 0.0) / whole
                    start = max(since, first)
                    yield (
                        "bts-crossings", "port_code", f"measure={measure}", code, name, start, last or "", share,
                        "bts-border-crossings",
                    )  # fmt: skip


def sectors(con: Any, folder: Path) -> Iterator[Row]:
    """Sectors of the Border Patrol, and the offices and sectors of CBP's encounters."""
    path = _quoted(folder / "usbp_sw_sector_monthly.csv.gz")
    for first, last in (("1999-10", "2009-12"), ("2010-01", "2019-12"), ("2020-01", "")):
        rows = con.execute(
            f"SELECT sector, sum(encounters::DOUBLE) FROM read_csv({path}, all_varchar=true)"
            " WHERE month BETWEEN ? AND ? GROUP BY 1 ORDER BY 1",
            [first, last or "9999"],
        ).fetchall()
        whole = sum(value for _, value in rows)
        for name, value in rows:
            share = 100 * value / whole
            yield "usbp-sectors", "sector", "", SECTORS[name], name, first, last, share, "usbp-sector-monthly"
            if not last:
                part = f"{name} Sector"
                share *= (100 - sum(OFFICES.values())) / 100
                yield "cbp-encounters", "area", "", part, part, "", "", share, "usbp-sector-monthly;cbp-encounters"
    for name, share in OFFICES.items():
        part = f"{name} Field Office"
        yield "cbp-encounters", "area", "", part, part, "", "", share, "borderlab-judgement"


def encounters(con: Any, folder: Path) -> Iterator[Row]:
    """States, demographic groups, the most frequent citizenships, authorities and components."""
    path = _quoted(folder / "raw/nationwide-encounters-fy23-fy26-nov-state.csv.gz")
    con.execute(f"CREATE VIEW met AS SELECT * FROM read_csv({path}, all_varchar=true)")
    for column, heading in (("state", "State"), ("demographic", "Demographic"), ("citizenship", "Citizenship")):
        for part, share in con.execute(
            f'SELECT "{heading}", 100 * sum("Encounter Count"::DOUBLE) / sum(sum("Encounter Count"::DOUBLE)) OVER ()'
            f" FROM met WHERE \"Land Border Region\" = 'Southwest Land Border' GROUP BY 1 ORDER BY 2 DESC"
        ).fetchall():
            if column != "citizenship" or part in ("MEXICO", "GUATEMALA", "HONDURAS"):
                yield "cbp-encounters", column, "", part, part, "", "", share, "cbp-encounters"
    yield "cbp-encounters", "authority", "", "Title 8", "Title 8", "", "", 80.0, "cbp-encounters"
    yield "cbp-encounters", "authority", "", "Title 42", "Title 42", "2020-04", "2023-04", 50.0, "cbp-encounters"
    for part, share in (("U.S. Border Patrol", 81.5), ("Office of Field Operations", 18.5)):
        yield "cbp-encounters", "component", "", part, part, "", "", share, "cbp-encounters"
    for part, share in (("Apprehensions", 70.0), ("Inadmissibles", 18.5)):
        yield "cbp-encounters", "encounter_type", "", part, part, "", "", share, "cbp-encounters"


def drugs(con: Any, folder: Path) -> Iterator[Row]:
    """Offices and sectors by drug."""
    path = _quoted(folder / "raw/nationwide-drugs-fy23-fy26-dec.csv.gz")
    con.execute(f"CREATE VIEW drugs AS SELECT * FROM read_csv({path}, all_varchar=true)")
    for drug in DRUGS:
        for part, share in con.execute(
            'SELECT "Area of Responsibility", 100 * sum("Sum Qty (lbs)"::DOUBLE) / sum(sum("Sum Qty (lbs)"::DOUBLE))'
            " OVER () FROM drugs WHERE Region = 'Southwest Border' AND \"Drug Type\" = ?"
            " AND Component IN ('Office of Field Operations', 'U.S. Border Patrol') GROUP BY 1 ORDER BY 2 DESC",
            [drug],
        ).fetchall():
            yield "cbp-drugs", "area", f"drug={drug}", part, part.title(), "", "", share, "cbp-drug-seizures"


def trade(con: Any, folder: Path) -> Iterator[Row]:
    """Modes and ports of freight; states and chapters that are above one in a hundred."""
    path = _quoted(folder / "bts_transborder_mexico_port_mode_month.csv.gz")
    con.execute(f"CREATE VIEW freight AS SELECT * FROM read_csv({path}, all_varchar=true)")
    forms = {"us_state": ("dot2_0924", "USASTATE"), "commodity": ("dot3_0924", "COMMODITY2")}
    for code, kind in (("1", "export"), ("2", "import")):
        scope = f"trade={kind}"
        for column, heading in (("mode", "DISAGMOT"), ("port_code", "DEPE")):
            for part, share in con.execute(
                f"SELECT {heading}, 100 * sum(VALUE::DOUBLE) / sum(sum(VALUE::DOUBLE)) OVER () FROM freight"
                " WHERE TRDTYPE = ? GROUP BY 1 ORDER BY 2 DESC",
                [code],
            ).fetchall():
                if share > 1 or (column == "mode" and share > 0.1):
                    ours = MODES[int(part)] if column == "mode" else part
                    # Until 2020-02 the freight of Ysleta stood under El Paso too.
                    first = "2020-03" if part == "2401" else ""
                    yield "bts-transborder", column, scope, ours, ours, first, "", share, "bts-transborder"
        for column, (name, heading) in forms.items():
            file = _quoted(folder / f"raw/{name}.csv.gz")
            for part, share in con.execute(
                f"SELECT {heading}, 100 * sum(VALUE::DOUBLE) / sum(sum(VALUE::DOUBLE)) OVER ()"
                f" FROM read_csv({file}, all_varchar=true) WHERE TRDTYPE = ? AND COUNTRY = '2010'"
                " GROUP BY 1 ORDER BY 2 DESC",
                [code],
            ).fetchall():
                if share > 1:
                    yield "bts-transborder", column, scope, part, part, "", "", share, "bts-transborder"


def waits(con: Any, folder: Path) -> Iterator[Row]:
    """Crossings that post waits, by share of the readings: the series is a plain mean over readings."""
    path = _quoted(folder / "cbp_wait_times_hourly_2026-04_2026-07.csv.gz")
    for kind, lanes in LANES.items():
        for part, name, share in con.execute(
            "SELECT port_number, any_value(name), 100 * count(*) / sum(count(*)) OVER ()"
            f" FROM read_csv({path}, all_varchar=true)"
            " WHERE delay_minutes IS NOT NULL AND lane LIKE ? || '%' GROUP BY 1 ORDER BY 1",
            [kind],
        ).fetchall():
            if share > 0.1:
                yield "cbp-waits", "port_number", f"lane={lanes}", part, name, "", "", share, "cbp-bwt"


def crimes(con: Any, folder: Path) -> Iterator[Row]:
    """Mexican states by crime, and the manners of homicide."""
    path = folder / "raw/sesnsp_estatal_2026-03_latin1.csv.gz"
    con.execute(f"CREATE VIEW crimes AS SELECT * FROM read_csv({_quoted(path)}, all_varchar=true, encoding='latin-1')")
    names = [row[0] for row in con.execute("DESCRIBE crimes").fetchall()]
    code, state, crime, kind, manner = names[1], names[2], names[4], names[5], names[6]
    value = " + ".join(f'coalesce(TRY_CAST("{name}" AS DOUBLE), 0)' for name in names[7:])
    for scope, where in (
        ("crime_kind=Homicidio doloso", f"\"{kind}\" = 'Homicidio doloso'"),
        ("crime=Extorsión", f"\"{crime}\" = 'Extorsión'"),
    ):
        for column, heading in (("state", state), ("manner", manner)):
            for part, share in con.execute(
                f'SELECT "{heading}", 100 * sum({value}) / sum(sum({value})) OVER () FROM crimes WHERE {where}'
                f' GROUP BY 1 ORDER BY min("{code}"), 2 DESC'
            ).fetchall():
                if column == "state" or scope.startswith("crime_kind"):
                    yield "sesnsp-crimes", column, scope, part, part, "", "", share, "sesnsp-crime"


def bridges(con: Any, folder: Path) -> Iterator[Row]:
    """Texas bridges by trucks."""
    path = _quoted(folder / "cbp_texas_bridge_crossings.csv.gz")
    for part, share in con.execute(
        "SELECT Crossing, 100 * sum(\"Northbound Crossing\"::DOUBLE) FILTER (Modes = 'Commercial Trucks')"
        " / sum(sum(\"Northbound Crossing\"::DOUBLE) FILTER (Modes = 'Commercial Trucks')) OVER ()"
        f" FROM read_csv({path}, all_varchar=true) WHERE Year >= '2015' GROUP BY 1 ORDER BY 1"
    ).fetchall():
        yield "cbp-texas-bridges", "crossing", "measure=Trucks", part, part, "", "", share or 0.0, "cbp-texas-bridges"


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def main(folder: Path) -> None:
    """Write the table."""
    con = duckdb.connect()
    rows = [
        row for make in (bts, sectors, encounters, drugs, trade, waits, crimes, bridges) for row in make(con, folder)
    ]
    with OUT.open("w", encoding="utf-8", newline="") as out:
        out.write(HEAD)
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["dataset", "column", "scope", "part", "name", "first", "last", "share", "source"])
        writer.writerows([*row[:7], f"{row[7]:.2f}", row[8]] for row in rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
