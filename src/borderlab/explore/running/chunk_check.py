"""What a chunk of a comparison must look like, checked before a journal is believed or an array is used."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np

from borderlab.base.problems import InputError
from borderlab.explore.running.chunk import BLOCK_WEEKS, assumptions_in
from borderlab.strategy.runtime.firings import Ending

Header = tuple[np.dtype[Any], tuple[int, ...]]

_MOST_STRATEGIES = 200
_TYPES = {
    "plausible": "bool",
    "index": "int64",
    "facts": "bool",
    "drawn": "float64",
    "measures": "float64",
    "series": "float32",
    "first": "int32",
    "weeks": "int32",
    "firings": "int32",
    "in_force": "int32",
}
_BY_STRATEGY = ("first", "weeks", "firings", "in_force")


def check_inputs(inputs: Mapping[str, Any]) -> None:
    """Raise ValueError where the inputs of a journal are not those of a comparison that this version can run.

    Every strategy is rebuilt and looked through: the names it uses, its amounts, its times.
    """
    from borderlab.evidence.tables.indicator import indicators
    from borderlab.model.futures.futures import MOST_SEED, drawn_parameters
    from borderlab.model.run.measures import measure_ids
    from borderlab.model.run.run import EARLIEST_START, LATEST_START, LONGEST_YEARS

    strategies = _item(inputs, "strategies", list)
    if not 1 <= len(strategies) <= _MOST_STRATEGIES:
        raise ValueError(f"it holds {len(strategies)} strategies")
    _check_strategies(strategies)
    seed = _item(inputs, "seed", int)
    if not 0 <= seed < MOST_SEED:
        raise ValueError(f"seed is {seed}")
    years = _number(_item(inputs, "years", int, float), "years")
    if not 0 < years <= LONGEST_YEARS:
        raise ValueError(f"years is {years:g}")
    start = date.fromisoformat(_item(inputs, "start", str))
    if not EARLIEST_START <= start <= LATEST_START:
        raise ValueError(f"start is {start}")
    _names(inputs, "measures", measure_ids())
    _names(inputs, "series", measure_ids())
    unknowns = _item(inputs, "unknowns", dict)
    known = drawn_parameters()
    for name, options in unknowns.items():
        if name not in known:
            raise ValueError(f"there is no parameter '{name[:80]}'")
        wanted = list(known[name].options()) if known[name].distribution == "choice" else None
        if options != wanted:
            raise ValueError(f"the options of '{name}' are not those of this version")
    _item(inputs, "everything", bool)
    try:
        assumptions_in(_item(inputs, "set", dict) if "set" in inputs else {})
    except (InputError, AttributeError) as error:
        raise ValueError(f"set: {error}") from None
    for pattern, content in (_item(inputs, "surfaces", dict) if "surfaces" in inputs else {}).items():
        if not isinstance(pattern, str) or not isinstance(content, str):
            raise ValueError("surfaces holds something else than texts")
    for pairs in ("weights", "thresholds"):
        for name, value in (inputs[pairs] if pairs in inputs and isinstance(inputs[pairs], dict) else {}).items():
            if name not in indicators():
                raise ValueError(f"there is no measure '{name[:80]}'")
            _number(value, f"{pairs}: {name}")


def _check_strategies(strategies: list[Any]) -> None:
    from borderlab.explore.running.chosen import rebuild
    from borderlab.strategy.tree.known import impossible_parts

    ids = set()
    for plain in strategies:
        strategy = rebuild(plain)
        if strategy.id in ids:
            raise ValueError(f"strategy '{strategy.id}' stands twice")
        ids.add(strategy.id)
        faults = impossible_parts(strategy)
        if faults:
            raise ValueError(f"strategy '{strategy.id}': {faults[0]}")


def check_headers(inputs: Mapping[str, Any], first: int, count: int, headers: Mapping[str, Header]) -> None:
    """Raise ValueError where names, types or shapes are not those of a chunk; nothing has been read yet."""
    del first
    strategies = inputs["strategies"]
    lead = bool(inputs.get("lead", True))
    wanted = {"plausible", "index", "measures", "series", *(("facts", "drawn") if lead else ())}
    wanted |= {f"{kind}.{place}" for kind in _BY_STRATEGY for place in range(len(strategies))}
    if set(headers) != wanted:
        odd = sorted(wanted ^ set(headers))[0]
        raise ValueError(f"'{odd[:40]}' is {'missing' if odd in wanted else 'not an array of a chunk'}")
    run = _runs(headers, count)
    blocks = _blocks(inputs)
    measures, series = len(inputs["measures"]), len(inputs["series"])
    shapes: dict[str, tuple[int | None, ...]] = {
        "plausible": (count,),
        "index": (run,),
        "facts": (None, count),
        "drawn": (run, len(inputs["unknowns"])),
        "measures": (len(strategies), measures, run),
        "series": (len(strategies), series, run, blocks),
    }
    for place, plain in enumerate(strategies):
        rules = len(plain["rules"])
        shapes[f"first.{place}"] = shapes[f"weeks.{place}"] = (rules, run)
        shapes[f"in_force.{place}"] = (rules, blocks)
        shapes[f"firings.{place}"] = (6, None)
    for name, (dtype, shape) in headers.items():
        kind = _TYPES[name.partition(".")[0]]
        if dtype != np.dtype(kind):
            raise ValueError(f"'{name}' is {dtype}, not {kind}")
        free = shapes[name]
        if len(shape) != len(free) or any(w is not None and w != g for w, g in zip(free, shape, strict=True)):
            raise ValueError(f"'{name}' has the shape {list(shape)}")
    for place, plain in enumerate(strategies):
        most = len(plain["rules"]) * run * (_weeks(inputs) + 1)
        if headers[f"firings.{place}"][1][1] > most:
            raise ValueError(f"'firings.{place}' holds more firings than there are weeks")
    if lead and headers["facts"][1][0] > 100:
        raise ValueError("'facts' holds more facts than history has")


def check(inputs: Mapping[str, Any], first: int, count: int, arrays: Mapping[str, np.ndarray]) -> None:
    """Raise ValueError where an array of a chunk has a shape, a type or a value that cannot be right.

    Whether a future is plausible, and what a measure comes to, cannot be checked without running it again; that every
    number is finite, every index points at something and every count is possible can.
    """
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray):
            raise ValueError(f"'{name}' is no array")
    check_headers(inputs, first, count, {name: (array.dtype, array.shape) for name, array in arrays.items()})
    for name in ("drawn", "measures", "series"):
        if name in arrays and not np.isfinite(arrays[name]).all():
            raise ValueError(f"'{name}' holds a number that is not finite")
    index, plausible = arrays["index"], arrays["plausible"]
    kept = np.ones(count, dtype=bool) if inputs.get("everything") else plausible
    if not np.array_equal(index, first + np.flatnonzero(kept)):
        raise ValueError("'index' does not name the futures that were run")
    if "drawn" in arrays:
        for column, options in zip(arrays["drawn"].T, inputs["unknowns"].values(), strict=True):
            if options is not None and not _within(column, len(options)):
                raise ValueError("'drawn' holds the code of an option that there is not")
    weeks = _weeks(inputs)
    for place, plain in enumerate(inputs["strategies"]):
        rules = len(plain["rules"])
        firings = arrays[f"firings.{place}"]
        good = _within(firings[0], rules) and _within(firings[1], len(index)) and _within(firings[2], weeks + 1)
        good &= bool((firings[3:5] >= -1).all() and (firings[3:5] <= weeks).all())
        good &= _within(firings[5], len(Ending))
        good &= bool((arrays[f"first.{place}"] >= -1).all() and (arrays[f"first.{place}"] <= weeks).all())
        good &= _within(arrays[f"weeks.{place}"].ravel(), weeks + 1)
        good &= _within(arrays[f"in_force.{place}"].ravel(), count + 1)
        if not good:
            raise ValueError(f"the firings of strategy {place + 1} point at weeks, rules or futures that there are not")


def _runs(headers: Mapping[str, Header], count: int) -> int:
    shape = headers["index"][1]
    if len(shape) != 1 or not 0 <= shape[0] <= count:
        raise ValueError(f"'index' has the shape {list(shape)}")
    return shape[0]


def _weeks(inputs: Mapping[str, Any]) -> int:
    from borderlab.model.core.rates import WEEKS_PER_YEAR

    return max(round(inputs["years"] * WEEKS_PER_YEAR), 1)


def _blocks(inputs: Mapping[str, Any]) -> int:
    return _weeks(inputs) // BLOCK_WEEKS


def _within(values: np.ndarray, count: int) -> bool:
    return bool((values >= 0).all() and (values < count).all())


def _item(inputs: Mapping[str, Any], key: str, *kinds: type) -> Any:
    value = inputs.get(key)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise ValueError(f"{key} is {str(value)[:60]!r}")
    return value


def _number(value: Any, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{what} is {str(value)[:60]!r}")
    return float(value)


def _names(inputs: Mapping[str, Any], key: str, known: Iterable[str]) -> None:
    names = _item(inputs, key, list)
    if not all(isinstance(name, str) for name in names) or len(set(names)) != len(names):
        raise ValueError(f"{key} is not a list of names, each once")
    gone = set(names) - set(known)
    if gone:
        raise ValueError(f"there is no measure '{sorted(gone)[0][:80]}'")
