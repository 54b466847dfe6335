"""Which command groups there are. Each file of commands imports its room inside the command, not at the top."""

from __future__ import annotations

import typer


def add_to(app: typer.Typer) -> None:
    """Add every group and command to the root."""
    from borderlab.cli import explore

    explore.add_to(app)
    from borderlab.cli import data

    data.add_to(app)
    from borderlab.cli import strategies

    strategies.add_to(app)
    from borderlab.cli import evidence

    evidence.add_to(app)
    from borderlab.cli import model

    model.add_to(app)
    from borderlab.cli import crossings

    crossings.add_to(app)
