"""Where the public files for data tests are: BORDERLAB_SHARED, or a folder ``shared`` beside the project."""

import os
from pathlib import Path

import pytest

WAITS = "cbp_wait_times_hourly_2026-04_2026-07.csv.gz"
COUNTS = "bts_border_crossings_mexico.csv.gz"
RAW_COUNTS = "raw/Border_Crossing_Entry_Data.csv.gz"
BRIDGES = "cbp_texas_bridge_crossings.csv.gz"


def data_file(name: str) -> Path:
    """A public file, or skip the test with a message."""
    home = os.environ.get("BORDERLAB_SHARED") or Path(__file__).resolve().parents[3] / "shared"
    path = Path(home) / "data" / name
    if not path.exists():
        pytest.skip(f"no public data file {name}: set BORDERLAB_SHARED to the folder that holds data/")
    return path
