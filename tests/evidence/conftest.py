"""The development data folder, when it is there."""

import csv
import gzip
import os
from collections import Counter
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared():
    stated = os.environ.get("BORDERLAB_SHARED")
    folder = Path(stated) if stated else Path(__file__).resolve().parents[3] / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("the development data folder is not here (BORDERLAB_SHARED)")
    return folder


@pytest.fixture(scope="session")
def encounters(shared):
    """Border Patrol encounters on the Southwest border by month, summed over sectors."""
    found = Counter()
    with gzip.open(shared / "data" / "usbp_sw_sector_monthly.csv.gz", "rt", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            found[row["month"]] += float(row["encounters"])
    return found


@pytest.fixture(scope="session")
def essay_texts(shared):
    """The five essays; the list of references of a text is left out."""
    found = {}
    for path in sorted((shared / "essays").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        if "\nReferences\n" in text:
            text = text[: text.rindex("\nReferences\n")]
        found[path.stem] = text
    return found
