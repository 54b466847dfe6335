"""``python -m benchmarks [NAME …]``: run all benchmarks or some, print a table, renew docs/benchmarks.md.

Results of benchmarks that were not run keep standing, with their date.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
from datetime import date
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[1] / "docs"
MENU = {
    "engine": "benchmarks.engine",
    "border-year": "benchmarks.border_year",
    "imports": "benchmarks.imports",
    "rules": "benchmarks.rules",
    "model": "benchmarks.model",
    "compare": "benchmarks.compare",
}
LEAST = {"times"}
"""Units in which more is better: the target is a least value."""


def main(wanted: list[str]) -> int:
    """Run the named benchmarks (all if none is named); 2 if a name is unknown, 1 if a target was missed."""
    unknown = [name for name in wanted if name not in MENU]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(MENU)}", file=sys.stderr)
        return 2
    store = DOCS / "benchmarks.json"
    kept: dict[str, Any] = json.loads(store.read_text(encoding="utf-8")) if store.exists() else {}
    missed = False
    for name in wanted or list(MENU):
        print(f"{name} …", file=sys.stderr, flush=True)
        found = importlib.import_module(MENU[name]).run()
        results = found if isinstance(found, list) else [found]
        for result in results:
            result["date"] = date.today().isoformat()
            print(line(result), flush=True)
            missed = missed or not result["ok"]
        kept[name] = {"machine": machine(), "results": results}
    store.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (DOCS / "benchmarks.md").write_text(page(kept), encoding="utf-8")
    return int(missed)


def line(result: dict[str, Any]) -> str:
    """One result for the terminal."""
    sign = "≥" if result["unit"] in LEAST else "≤"
    verdict = "met" if result["ok"] else "MISSED"
    spread = f" ({result['range'][0]}–{result['range'][1]})" if "range" in result else ""
    target = f"target {sign} {result['target']:g}"
    return f"  {result['what']}: {result['value']:g} {result['unit']}{spread}, {target}: {verdict}"


def machine() -> str:
    """Processor, cores and Python, for the reader of the figures."""
    names = [
        row.split(":", 1)[1].strip()
        for row in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if row.startswith("model name")
    ] if Path("/proc/cpuinfo").exists() else []  # fmt: skip
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{names[0] if names else platform.machine()}, {cores} cores, Python {platform.python_version()}"


def page(kept: dict[str, Any]) -> str:
    """The Markdown page of all results."""
    rows = [
        "# Benchmarks",
        "",
        "Made by `make bench` (`python -m benchmarks`, or `python -m benchmarks NAME` for one of "
        + ", ".join(f"`{name}`" for name in MENU)
        + "). Speeds against other programs are medians of paired rounds on one core each, in processor time; the "
        "spread over rounds is in brackets. Machines drift: the ratios count, not the seconds.",
        "",
    ]
    for name, entry in kept.items():
        rows += [f"## {name}", "", entry["machine"], ""]
        rows += ["| what | value | target | | date |", "|---|---|---|---|---|"]
        for result in entry["results"]:
            spread = f" ({result['range'][0]:,}–{result['range'][1]:,})" if "range" in result else ""
            sign = "≥" if result["unit"] in LEAST else "≤"
            rows.append(
                f"| {result['what']} | {result['value']:,g} {result['unit']}{spread} | {sign} {result['target']:,g} "
                f"| {'met' if result['ok'] else 'missed'} | {result['date']} |"
            )
        rows.append("")
        known = {"name", "what", "value", "unit", "target", "ok", "range", "date"}
        details = [{key: size for key, size in result.items() if key not in known} for result in entry["results"]]
        rows += [
            f"- {result['name']}: {words(detail)}"
            for result, detail in zip(entry["results"], details, strict=True)
            if detail
        ]
        rows.append("")
    return "\n".join(rows).rstrip() + "\n"


def words(detail: dict[str, Any]) -> str:
    """Further figures of a result in one line."""
    return "; ".join(
        f"{key.replace('_', ' ')} {value:,}" if isinstance(value, int | float) else f"{key.replace('_', ' ')} {value}"
        for key, value in detail.items()
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
