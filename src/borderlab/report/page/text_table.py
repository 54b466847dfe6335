"""Tables for a terminal, as wide as it is: columns that do not fit go into a further block below."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence

GAP = 2
NARROWEST = 60
LONGEST_LINE = 110


def terminal_width() -> int:
    """Columns of the terminal, or of a page where there is none; never fewer than 60."""
    return max(shutil.get_terminal_size(fallback=(100, 24)).columns, NARROWEST)


def wrapped(text: str, indent: str = "", hanging: str | None = None) -> list[str]:
    """A paragraph in lines that the terminal holds; figures stay with their signs and units.

    >>> wrapped("ten words")
    ['ten words']
    """
    width = min(terminal_width(), LONGEST_LINE)
    whole = text.replace(" %", "\u00a0%").replace("¶ ", "¶\u00a0")
    later = indent if hanging is None else hanging
    lines = textwrap.wrap(
        whole, width, initial_indent=indent, subsequent_indent=later, break_on_hyphens=False, break_long_words=False
    )
    return [line.replace("\u00a0", " ") for line in lines]


def blocks(heads: Sequence[str], rows: Sequence[Sequence[str]], width: int, *, label_width: int = 40) -> list[str]:
    """Lines of a table whose first column names the row and whose second (the baseline) begins every block.

    Args:
        heads: of the columns after the first. rows: a label and one cell a head.
        width: of the terminal. label_width: the widest that a label may be before it wraps.

    >>> print("\\n".join(blocks(["base", "one", "two"], [["wait", "17", "21", "5"]], 18)))
          base  one
    wait    17   21
    <BLANKLINE>
          base  two
    wait    17    5
    """
    widest = max(len(row[0]) for row in rows)
    label = min(widest, label_width, max(width // 2, 12))
    columns = [_head(head) for head in heads]
    wide = [
        max(*(len(line) for line in head), *(len(row[place + 1]) for row in rows)) + GAP
        for place, head in enumerate(columns)
    ]
    lines: list[str] = []
    for chosen in _fitting(wide, width - label):
        if lines:
            lines.append("")
        deepest = max(len(columns[place]) for place in chosen)
        for level in range(deepest):
            parts = [_line(columns[place], level - deepest + len(columns[place])) for place in chosen]
            cells = "".join(f"{part:>{wide[place]}}" for part, place in zip(parts, chosen, strict=True))
            lines.append((" " * label + cells).rstrip())
        for row in rows:
            first, *more = textwrap.wrap(row[0], label, subsequent_indent="  ")
            lines.append(f"{first:{label}}" + "".join(f"{row[place + 1]:>{wide[place]}}" for place in chosen))
            lines += more
    return lines


def _fitting(wide: Sequence[int], room: int) -> list[list[int]]:
    """Columns by block: the first in each, the others in order, shared out evenly if that takes no more blocks."""
    greedy = _greedy(wide, room)
    others = len(wide) - 1
    each = -(-others // len(greedy)) or 1
    even = [[0, *range(start, min(start + each, len(wide)))] for start in range(1, len(wide), each)]
    fits = all(sum(wide[one] for one in chosen) <= room for chosen in even)
    return even if even and fits else greedy


def _greedy(wide: Sequence[int], room: int) -> list[list[int]]:
    """As many columns in each block as it holds, but at least one beside the first."""
    found: list[list[int]] = [[0]]
    for place in range(1, len(wide)):
        used = sum(wide[one] for one in found[-1])
        if used + wide[place] > room and len(found[-1]) > 1:
            found.append([0])
        found[-1].append(place)
    return found


def _head(text: str) -> list[str]:
    """A heading over two lines, broken where the longer line is shortest."""
    words = text.split()
    breaks = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    best = min(breaks, key=lambda pair: max(map(len, pair)), default=(text, ""))
    return [line for line in best if line]


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number] if number >= 0 else ""
