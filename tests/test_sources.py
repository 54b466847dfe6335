"""Every shipped figure says where it comes from."""

import csv

import pytest

from borderlab.evidence.tables.parameter import parameters
from borderlab.evidence.tables.source import sources
from borderlab.evidence.tables.table import REFERENCE, by_id, table_files

NO_FIGURES = {"readers.csv"}
"""Tables that say what the package does and hold nothing that was measured or judged."""
FILES = [path for path in table_files() if path.parent.name != "sources" and path.name not in NO_FIGURES]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(REFERENCE).as_posix())
def test_every_row_names_a_known_source(path):
    known = sources()
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and line[0] != "#"]
    rows = list(csv.DictReader(lines))
    assert rows, "an empty table"
    for row in rows:
        ids = [part.strip() for part in (row.get("source") or "").split(";") if part.strip()]
        assert ids, f"no source: {row}"
        assert not [one for one in ids if one not in known], f"unknown source in {row}"


def test_parameters_read():
    for parameter in parameters().values():
        assert parameter.unit


def test_an_id_that_stands_twice_is_refused():
    one = next(iter(sources().values()))
    with pytest.raises(ValueError, match=f"source '{one.id}' stands twice"):
        by_id([one, one], "source")
