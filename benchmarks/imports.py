"""Import of a million rows that look like BTS border crossings. Target: at most 10 s on two shared cores.

The file has the published headings and date form, 118 ports, 12 measures, two borders, and a share of the faults that
the real file has (thousands commas, older names, exact repeats, conflicts, unreadable rows).
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

ROWS = 1_000_000
TARGET_S = 10.0
MEASURES = (
    "Trucks", "Personal Vehicles", "Personal Vehicle Passengers", "Pedestrians", "Buses", "Bus Passengers", "Trains",
    "Train Passengers", "Truck Containers Full", "Truck Containers Empty", "Rail Containers Full",
    "Rail Containers Empty",
)  # fmt: skip
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def write_rows(path: Path, rows: int = ROWS) -> None:
    """Write the file; the same every time."""
    with path.open("w", encoding="utf-8") as out:
        out.write("Port Name,State,Port Code,Border,Date,Measure,Value,Latitude,Longitude,Point\n")
        for number in range(rows):
            measure = MEASURES[number % 12]
            port = number // 12 % 118
            month = number // 12 // 118
            border = "US-Mexico Border" if port < 28 else "US-Canada Border"
            code = 2301 + port if port < 28 else 100 + port
            value = f'"{number % 900_000 + 1000:,}"' if number % 50 == 0 else str(number % 900_000)
            if number % 5000 == 1:
                value = "n/a"
            date = f"{MONTHS[month % 12]} {1950 + month // 12}"
            out.write(
                f"Port {port},State {port % 9},{code},{border},{date},{measure},{value},1.5,-2.5,POINT (-2.5 1.5)\n"
            )
            if number % 4000 == 2:
                out.write(f"Port {port},State {port % 9},{code},{border},{date},{measure},{value},1.5,-2.5,P\n")


def run() -> dict[str, Any]:
    """Time one import into an empty store and check its account."""
    from borderlab.observe.store.store import Store

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bts.csv"
        write_rows(path)
        size = path.stat().st_size
        begun = time.perf_counter()
        report = Store(Path(folder) / "home").import_files([path])[0]
        seconds = time.perf_counter() - begun
    balanced = report.rows_read == report.rows_kept + report.rows_refused == ROWS + ROWS // 4000
    return {
        "name": "imports",
        "what": "import of 1,000,000 BTS-like rows",
        "value": round(seconds, 2),
        "unit": "s",
        "target": TARGET_S,
        "ok": seconds <= TARGET_S and balanced,
        "rows_read": report.rows_read,
        "rows_kept": report.rows_kept,
        "rows_refused": report.rows_refused,
        "file_mb": round(size / 1e6, 1),
    }


if __name__ == "__main__":
    import json

    print(json.dumps(run(), indent=1))
