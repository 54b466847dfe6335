"""Text for a terminal: a table never grows wider than it, and no figure loses its sign or unit at a line's end."""

from __future__ import annotations

import pytest

from borderlab.report.page.text_table import NARROWEST, blocks, terminal_width, wrapped

HEADS = ["Status quo", "Border leverage", "Shared security", "Unilateral first", "Institutional dialogue", "Treaty"]
ROWS = [
    ["Irregular arrivals, people/month", "35,300", "≈ 33,000", "▲ 27,900", "▲ 18,900", "≈ 32,300", "≈ 32,700"],
    ["Cost of trade measures, United States, million dollars a month", "0", "▼ 3,820", "▲ −9.86", *["≈ 0"] * 3],
]


@pytest.mark.parametrize("width", [60, 80, 100, 132, 200])
def test_a_table_fits_its_terminal_and_every_block_begins_with_the_baseline(width: int) -> None:
    lines = blocks(HEADS, ROWS, width)
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    parts = text.split("\n\n")
    assert all("35,300" in part and "quo" in part for part in parts)
    for cell in (cell for row in ROWS for cell in row[2:]):
        assert cell in text
    assert (len(parts) == 1) == (width >= 132)


def test_blocks_are_shared_out_evenly() -> None:
    rows = [["a", *["1000"] * 5]]
    shared = blocks([f"head{n}" for n in range(5)], rows, 32)
    assert [part.count("1000") for part in "\n".join(shared).split("\n\n")] == [3, 3]


def test_lines_break_before_a_figure_not_inside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = wrapped("x" * 54 + " in 47 % of futures (linderman-2022, ¶ 20)", "", "  ")
    assert lines[0] == "x" * 54 + " in"
    assert lines[1].startswith("  47 %")


def test_no_terminal_is_narrower_than_what_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "12")
    assert terminal_width() == NARROWEST
