"""The README's commands run as they stand, and the documents name what there is."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from borderlab.crossings.border.fitted import SHIPPED
from borderlab.crossings.outcomes.outcome import MEASURES
from borderlab.crossings.scenarios.library import scenario_ids
from borderlab.crossings.scenarios.restriction import KINDS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
needs_fit = pytest.mark.skipif(not SHIPPED.exists(), reason="the fitted table is not there")


def blocks(marker: str) -> str:
    found = re.findall(rf"<!-- {re.escape(marker)} -->\n```\w*\n(.*?)```", README, re.S)
    assert found, f"README has no block '{marker}'"
    return "".join(found)


def commands(marker: str) -> list[list[str]]:
    return [line.split("#")[0].split() for line in blocks(marker).splitlines() if line.strip()]


def shell(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    assert words[0] == "borderlab"
    code = "import sys; from borderlab.cli.main import run; run(sys.argv[1:])"
    return subprocess.run(
        [sys.executable, "-c", code, *words[1:]],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@needs_fit
@pytest.mark.parametrize("words", commands("tested: quick"), ids=" ".join)
def test_quick_commands(words: list[str], tmp_path: Path) -> None:
    done = shell(words, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@needs_fit
def test_the_simulations_and_the_example_file(tmp_path: Path) -> None:
    (tmp_path / "my-closure.yaml").write_text(blocks("file: my-closure.yaml"), encoding="utf-8")
    week, texas, own = commands("tested: simulate")  # the second one is what `make demo` runs
    assert shell(week, tmp_path).returncode == 0
    assert texas[3] in scenario_ids()
    found = json.loads(shell(own, tmp_path).stdout)
    pharr = next(row for row in found["months"] if row["port"] == "2305" and row["mode"] == "truck")
    assert pharr["scenario"] < pharr["baseline"]


def test_the_picture_is_there_and_light() -> None:
    for name in re.findall(r"!\[.*?\]\((.*?)\)", README):
        assert 10_000 < (ROOT / name).stat().st_size < 300_000


def test_links_lead_somewhere() -> None:
    for name in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#:]+)\)", README):
        assert (ROOT / name).exists(), name


def test_the_scenario_document_names_every_kind_field_and_measure() -> None:
    text = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    for kind in KINDS.values():
        assert f"`{kind.name}`" in text
        for field in kind.fields:
            assert f"`{field.name}`" in text
    for name in MEASURES:
        assert f"`{name}`" in text


def test_the_example_of_the_document_is_a_scenario(tmp_path: Path) -> None:
    from borderlab.crossings.scenarios.library import load_scenario

    text = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", text, re.S)
    assert example
    (tmp_path / "example.yaml").write_text(example[1], encoding="utf-8")
    assert [one.kind for one in load_scenario(tmp_path / "example.yaml").restrictions] == ["close", "add-stage"]
