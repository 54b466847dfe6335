"""``python -m scripts.mutants``: do the tests notice when the code is wrong? Hand-made mutants, each in a copy of the
tree.

A mutant is one small change that a reader could overlook. It is killed if the tests named with it fail. Those that were
once found to survive stand here for good. Mutants of compiled code take a minute each, since the course is compiled
anew. ``--only WORD`` runs those whose file holds the word.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "src/borderlab"


@dataclass(frozen=True)
class Mutant:
    """One change of one file below the package, and the tests that should notice."""

    file: str
    old: str
    new: str
    tests: str


MUTANTS = (
    Mutant("base/identity.py", '"libraries": dict(self.libraries),', "", "tests/base/test_identity.py"),
    Mutant("base/identity.py", "mine.get(name) != theirs.get(name)", "mine.get(name) == theirs.get(name)",
           "tests/base/test_identity.py"),
    Mutant("evidence/tables/assumption.py", "if not ends[0] < ends[1]:", "if not ends[0] < ends[1] + 1:",
           "tests/evidence/test_assumptions.py"),
    Mutant("model/futures/futures.py", "return np.log(value / low) / np.log(high / low)",
           "return (value - low) / (high - low)", "tests/evidence/test_assumptions.py"),
    Mutant("explore/running/plan.py", 'ASKED = frozenset({"weights", "thresholds"})', "ASKED = frozenset()",
           "tests/explore/test_compare.py tests/explore/test_store.py tests/explore/test_options.py"),
    Mutant("reference/parameters/structure.csv", ",ratio,1.7,fixed", ",ratio,1.2,fixed", "tests/model tests/baseline"),
    Mutant("reference/parameters/structure.csv", ",share,0.9,fixed,,,,judged,model-priors",
           ",share,0.7,fixed,,,,judged,model-priors", "tests/model tests/baseline"),
    Mutant("reference/model/variants.csv", "extortion,off,psi,set,0", "extortion,on,psi,set,0",
           "tests/model/test_settings.py"),
    Mutant("model/border/approximation.py", "ordinary_waits()[mode] / MINUTES", "ordinary_waits()[mode]",
           "tests/model/test_surfaces.py"),
    Mutant("model/modules/organisations.py", '"cash": income * factor(arms)', '"cash": fee * factor(arms)',
           "tests/model tests/baseline"),
    Mutant("model/modules/patterns.py", "for other in range(pattern):", "for other in range(0):",
           "tests/model/test_surfaces.py"),
    Mutant("model/core/graph.py", 'if one.kind in ("own", "read", "before"):', 'if one.kind in ("own", "read"):',
           "tests/model/test_influence.py"),
    Mutant("model/core/execution.py", "value = value / prepared.weeks", "value = value / (prepared.weeks + 1)",
           "tests/model/test_equations.py tests/model/test_properties.py tests/baseline"),
    Mutant("model/run/orders.py", 'return "hosted"', 'return "whole"', "tests/model/test_hosting.py"),
    Mutant("reference/levers/us.csv", "share,0,0.5,0,,economy", "share,-0.5,0.5,0,,economy",
           "tests/strategy tests/model tests/baseline"),
    Mutant("strategy/runtime/kernel.py", "_CLOSE = 1e-9", "_CLOSE = 1e-1", "tests/strategy"),
)  # fmt: skip


def killed(mutant: Mutant) -> bool | None:
    """Whether the tests fail on the mutant; None where the text to change is not there (any more)."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        tree = Path(folder) / "tree"
        skipped = shutil.ignore_patterns(".git", ".venv", "__pycache__", "borderlab-out", "*.egg-info")
        shutil.copytree(ROOT, tree, ignore=skipped)
        path = tree / PACKAGE / mutant.file
        text = path.read_text(encoding="utf-8")
        if mutant.old not in text:
            return None
        path.write_text(text.replace(mutant.old, mutant.new, 1), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", *mutant.tests.split()],
            cwd=tree,
            env={**os.environ, "PYTHONPATH": str(tree / "src")},
            capture_output=True,
            check=False,
        )
        return done.returncode != 0


def main() -> int:
    """Run the mutants and print the score; 1 where one survives or cannot be made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="part of a file's name")
    only = parser.parse_args().only
    chosen = [one for one in MUTANTS if only in one.file]
    score = 0
    for mutant in chosen:
        found = killed(mutant)
        score += found is True
        word = {True: "killed", False: "SURVIVED", None: "CANNOT BE MADE"}[found]
        print(f"{word}: {mutant.file}: {mutant.old} -> {mutant.new or 'nothing'}", flush=True)
    print(f"{score} of {len(chosen)} killed")
    return 0 if score == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
