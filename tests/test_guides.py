"""The guides for those who work on borderlab name files and folders that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "borderlab"
GUIDES = ("CONTRIBUTING.md", "docs/architecture.md", "docs/decisions/001-rooms.md")
PATH = re.compile(r"`([\w./-]+/(?:[\w.-]+\.\w+)?|[\w./-]+\.(?:py|csv|md|po|yaml))`")


@pytest.mark.parametrize("guide", GUIDES)
def test_every_path_of_a_guide_is_there(guide):
    named = PATH.findall((ROOT / guide).read_text(encoding="utf-8"))
    assert named
    everywhere = {path.name for path in (*PACKAGE.rglob("*"), *(ROOT / "tests").rglob("*"))}
    missing = [
        name
        for name in named
        if not any((place / name).exists() for place in (ROOT, PACKAGE))
        and not ("/" not in name and name in everywhere)
    ]
    assert missing == []


def test_the_tree_of_the_architecture_is_that_of_the_package():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    block = text.split("```")[1]
    room, told = "", set()
    for line in block.splitlines():
        names = re.findall(r"([a-z]+)/", re.split(r" {2,}", line.strip())[0])
        if line[:1].isalpha():
            room = names[0]
            told.add(room)
        else:
            told |= {f"{room}/{name}" for name in names}
    folders = {path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.glob("*/*/__init__.py")} | {
        path.parent.name for path in PACKAGE.glob("*/__init__.py")
    }
    assert told == folders
