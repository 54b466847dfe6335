"""The same results as Parquet tables, and as NetCDF by xarray (extra ``xarray``)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from borderlab.base.problems import InputError, Problem
from borderlab.base.safefile import whole_file
from borderlab.evidence.tables.indicator import indicators
from borderlab.explore.discovery.variables import CATEGORY
from borderlab.explore.results.comparison import Comparison


def write_tables(comparison: Comparison, folder: Path) -> list[Path]:
    """``futures`` (what was drawn), ``runs`` (one row a strategy and future), ``summary`` and ``course`` (quantiles).

    Raises:
        InputError: the folder cannot be written.
    """
    tables = {
        "futures": _futures(comparison),
        "runs": _runs(comparison),
        "summary": _summary(comparison),
        "course": _course(comparison),
    }
    paths = []
    for name, columns in tables.items():
        path = folder / f"{name}.parquet"
        with whole_file(path) as part:
            _write_parquet(columns, part)
        paths.append(path)
    return paths


def _write_parquet(columns: Mapping[str, np.ndarray], path: Path) -> None:
    import duckdb

    with duckdb.connect(config={"threads": 1}) as connection:  # one thread: equal tables give equal files
        numbers = {f"c{i}": np.ascontiguousarray(column) for i, column in enumerate(columns.values())}
        connection.register("given", numbers)
        names = ", ".join(f'c{i} AS "{name}"' for i, name in enumerate(columns))
        target = str(path).replace("'", "''")
        connection.execute(f"COPY (SELECT {names} FROM given) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")


def _futures(comparison: Comparison) -> dict[str, np.ndarray]:
    variables = comparison.variables
    columns: dict[str, np.ndarray] = {"future": comparison.index.astype(np.int64)}
    for place, name in enumerate(variables.names):
        values = variables.values[:, place]
        if variables.kinds[place] == CATEGORY:
            columns[name] = np.asarray(variables.categories[place])[values.astype(np.intp)]
        else:
            columns[name] = values
    return columns


def _runs(comparison: Comparison) -> dict[str, np.ndarray]:
    count = len(comparison.index)
    columns = {
        "strategy": np.repeat(np.asarray(comparison.ids), count),
        "future": np.tile(comparison.index.astype(np.int64), len(comparison.ids)),
    }
    columns.update((name, values.ravel()) for name, values in comparison.values.items())
    return columns


def _summary(comparison: Comparison) -> dict[str, np.ndarray]:
    rows = []
    for one in comparison.measures:
        for id_, s in zip(comparison.ids, comparison.standing[one.id], strict=True):
            met = np.nan if s.satisficing is None else s.satisficing
            better = comparison.better(one.id)
            figures = (s.median, s.p05, s.p95, s.expected, s.regret_p90, s.regret_max, met)
            rows.append((one.id, one.unit, better, id_, *figures))
    names = ("measure", "unit", "better", "strategy", "median", "p05", "p95", "expected", "regret_p90", "regret_max")
    return {
        name: np.array(column) for name, column in zip((*names, "satisficing"), zip(*rows, strict=True), strict=True)
    }


def _course(comparison: Comparison) -> dict[str, np.ndarray]:
    days = np.array([day.isoformat() for day in comparison.block_days])
    parts: dict[str, list[np.ndarray]] = {"measure": [], "strategy": [], "day": [], "p05": [], "median": [], "p95": []}
    for name, course in comparison.course.items():
        p05, median, p95 = np.quantile(course, [0.05, 0.5, 0.95], axis=1)
        for place, id_ in enumerate(comparison.ids):
            parts["measure"].append(np.repeat(name, len(days)))
            parts["strategy"].append(np.repeat(id_, len(days)))
            parts["day"].append(days)
            for key, values in (("p05", p05), ("median", median), ("p95", p95)):
                parts[key].append(values[place].astype(float))
    return {key: np.concatenate(values) for key, values in parts.items()}


def write_netcdf(comparison: Comparison, path: Path) -> None:
    """Every run and course as one NetCDF file with names, units and the hash.

    Raises:
        InputError: xarray is not installed, or the file cannot be written.
    """
    try:
        import xarray
    except ModuleNotFoundError:
        raise InputError(
            Problem("--xarray needs xarray.", cure="Install it with: pip install 'borderlab[xarray]'.")
        ) from None
    known = indicators()
    data: dict[str, tuple[tuple[str, ...], np.ndarray, dict[str, str]]] = {}
    for name, values in comparison.values.items():
        facts = {"unit": known[name].unit, "long_name": known[name].name_en, "better": known[name].direction}
        data[name] = (("strategy", "future"), values, facts)
    for name, course in comparison.course.items():
        data[f"course.{name}"] = (("strategy", "future", "day"), course, {"unit": known[name].unit})
    coordinates = {
        "strategy": comparison.ids,
        "future": comparison.index.astype(np.int32),  # NetCDF 3, which SciPy writes, has no longer whole numbers
        "day": np.array(comparison.block_days, dtype="datetime64[ns]"),
    }
    whole = {"hash": comparison.hash, "futures_drawn": comparison.drawn, "plausible_share": comparison.plausible_share}
    with whole_file(path) as part:
        xarray.Dataset(data, coordinates, whole).to_netcdf(part, engine="scipy")
