"""The command that makes a result again, for the foot of its report."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from borderlab.explore.results.comparison import Comparison
from borderlab.language.number import written
from borderlab.strategy.file.library import shipped


def compare_command(comparison: Comparison, lang: str) -> str:
    """The command that makes the same comparison and page again, on any machine with this version."""
    inputs = comparison.inputs
    words = ["borderlab", "compare"]
    if set(comparison.ids) != set(shipped()):
        words += [id_ if id_ in shipped() else f"{id_}.yaml" for id_ in comparison.ids]
    for name, value in (("futures", comparison.drawn), ("years", inputs["years"]), ("seed", inputs["seed"])):
        words += [f"--{name}", written(value) if isinstance(value, float) else str(value)]
    for name, row in inputs.get("set", {}).items():
        words += ["--set", f"{name}={_again(row)}"]
    for name in ("weights", "thresholds"):
        if inputs[name]:
            words += [f"--{name}", ",".join(f"{key}={written(value)}" for key, value in inputs[name].items())]
    if lang != "en":
        words += ["--lang", lang]
    return shlex.join(words)


def _again(row: Mapping[str, Any]) -> str:
    """What is set, as it is written again: every digit of it."""
    if row["unit"] == "switch":
        return str(row["value"])
    number = written(row["value"]) if "value" in row else f"{written(row['low'])}..{written(row['high'])}"
    return f"{number} {'times' if row['unit'] == '1' else row['unit']}"


def simulate_command(scenario: str | None, first: date, days: int, seed: int, lang: str) -> str:
    """The command that makes the same report again; of a file of the user's its name alone, not where it lies."""
    words = ["borderlab", "crossings", "simulate"]
    if scenario is not None:
        words.append(Path(scenario).name)
    else:
        words += ["--from", f"{first:%Y-%m-%d}", "--days", str(days)]
    words += ["--seed", str(seed), *(["--lang", "es"] if lang == "es" else []), "--out", "DIR"]
    return shlex.join(words)
