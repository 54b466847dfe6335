"""Writes the tables of an outcome as Parquet and CSV, and the JSON object beside them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from borderlab.crossings.outcomes.outcome import Outcome, Table

MARKER = "simulation.json"
# File, by what it is summed, over what.
SUMS = (
    ("lanes_by_day", "lane", "day"),
    ("crossings_by_day", "crossing", "day"),
    ("ports_by_day", "port", "day"),
    ("regions_by_day", "region", "day"),
    ("modes_by_day", "mode", "day"),
    ("lanes_by_month", "lane", "month"),
    ("crossings_by_month", "crossing", "month"),
    ("ports_by_month", "port", "month"),
    ("regions_by_month", "region", "month"),
    ("modes_by_month", "mode", "month"),
)


def write_tables(outcome: Outcome, folder: Path, advance: Callable[[float], None] | None = None) -> list[Path]:
    """Write ``hours`` (lane by hour) and the sums of :data:`SUMS` into ``folder``, each as ``.parquet`` and ``.csv``.

    ``advance`` is told 1 for each table done.
    """
    written = []
    for name, make in [("lanes_by_hour", outcome.hours_table)] + [
        (name, lambda by=by, over=over: outcome.table(by, over)) for name, by, over in SUMS
    ]:
        written += write_table(make(), folder / name)
        if advance:
            advance(1)
    return written


def write_table(table: Table, stem: Path) -> list[Path]:
    """Write one table as ``stem.parquet`` and ``stem.csv`` and give both paths. Empty cells are missing values."""
    import duckdb

    columns = {name: np.asarray(values) for name, values in table.items()}
    columns = {name: values.astype(object) if values.dtype.kind == "U" else values for name, values in columns.items()}
    paths = [stem.with_suffix(".parquet"), stem.with_suffix(".csv")]
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        connection.register("numbers", columns)
        wanted = ", ".join(
            f'CASE WHEN isnan("{name}") THEN NULL ELSE "{name}" END AS "{name}"'
            if values.dtype.kind == "f"
            else f'"{name}"'
            for name, values in columns.items()
        )
        for path, options in zip(paths, ("FORMAT parquet, COMPRESSION zstd", "FORMAT csv, HEADER"), strict=True):
            connection.execute(f"COPY (SELECT {wanted} FROM numbers) TO '{_quoted(path)}' ({options})")
    return paths


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def write_json(value: Any, path: Path) -> Path:
    """Write a JSON file, two spaces to a level."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8")
    return path
