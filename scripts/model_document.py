"""``python -m scripts.model_document``: renders ``docs/model.md`` from the declarations of the model's modules."""

from __future__ import annotations

import sys
from pathlib import Path

from borderlab.base.safefile import whole_file
from borderlab.evidence.tables.parameter import parameters
from borderlab.model.core.document import document
from borderlab.model.run.worlds import today

PATH = Path(__file__).resolve().parents[1] / "docs" / "model.md"


def rendered() -> str:
    """The document of today's modules and register."""
    return document(today(), parameters())


def main() -> int:
    """Write it."""
    with whole_file(PATH) as part:
        part.write_text(rendered(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
