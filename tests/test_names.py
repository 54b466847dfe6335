"""One name, one thing: no public class of the package is called as another one is."""

import ast
from collections import defaultdict
from pathlib import Path

import borderlab

PACKAGE = Path(borderlab.__file__).parent
TO_BE_TOLD_APART = {"Episode", "Layout", "Point", "Restriction", "Store", "Tally"}
"""Names that still stand twice. Take from this list, never add to it."""


def test_no_public_class_name_stands_twice():
    found = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path.relative_to(PACKAGE).as_posix())
    twice = {name: places for name, places in found.items() if len(places) > 1}
    assert set(twice) <= TO_BE_TOLD_APART, twice
