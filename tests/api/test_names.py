"""What ``import borderlab`` offers: everything that is promised, lazily, quietly, and typed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import borderlab as bl

PROMISED = (
    "simulate",
    "run",
    "compare",
    "believe",
    "sensitivity",
    "discover",
    "improve",
    "hindcast",
    "futures",
    "strategies",
    "Strategy",
    "evidence",
    "data",
    "progress",
    "use_tables",
    "Module",
    "Measure",
    "names",
    "InputError",
    "Cancelled",
)
STUB = Path(bl.__file__).with_suffix(".pyi")


@pytest.mark.parametrize("name", PROMISED)
def test_every_promised_name_is_there_and_listed(name):
    assert getattr(bl, name) is not None
    assert name in dir(bl)
    assert name in bl.__all__


def test_a_wrong_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        _ = bl.simulat


def test_the_stub_names_what_is_offered_and_nothing_else():
    tree = ast.parse(STUB.read_text(encoding="utf-8"))
    told = {alias.asname for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    told |= {node.targets[0].id for node in tree.body if isinstance(node, ast.Assign)}
    assert told - {None} | {"__version__"} == set(bl.__all__)
    assert STUB.with_name("py.typed").exists()


def fresh(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def test_importing_loads_nothing_heavy_and_prints_nothing():
    heavy = ["numpy", "scipy", "numba", "pandas", "xarray", "duckdb", "pydantic", "typer"]
    assert fresh(f"import borderlab, sys; print([name for name in {heavy} if name in sys.modules])") == "[]\n"


def test_evidence_is_the_interface_whatever_is_imported_first_and_has_the_names_of_the_room():
    code = (
        "import borderlab.evidence.tables.claim as room\n"
        "import borderlab as bl\n"
        "print(len(bl.evidence.claims()) == len(room.claims()), bl.evidence.tables.claim is room)"
    )
    assert fresh(code) == "True True\n"
