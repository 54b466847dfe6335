"""How a result shows itself in a notebook: a title, a few facts, a table. Plain HTML that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 20
_STYLE = "border-left:3px solid #1f5f8b;padding:2px 0 2px 12px;margin:4px 0"
_QUIET = "color:#555"


def card(title: str, facts: Mapping[str, object], frame: pd.DataFrame | None = None) -> str:
    """A result in short. Everything given is text and is escaped.

    Args:
        facts: label → value. frame: the first rows of it are shown.
    """
    said = " · ".join(f"{escape(label)} {escape(str(value))}" for label, value in facts.items())
    parts = [f"<div style='{_STYLE}'><strong>{escape(title)}</strong>", f"<div style='{_QUIET}'>{said}</div>"]
    if frame is not None and len(frame.columns):
        parts.append(frame.head(MOST_ROWS).to_html(float_format=_figure, border=0, escape=True))
        if len(frame) > MOST_ROWS:
            parts.append(f"<div style='{_QUIET}'>… {len(frame) - MOST_ROWS:,} more rows</div>")
    return "".join([*parts, "</div>"])


def _figure(value: float) -> str:
    """
    >>> _figure(12345.678), _figure(0.01234)
    ('12,346', '0.01234')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
