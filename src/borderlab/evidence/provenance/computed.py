"""Names of computed figures: what ``median`` or ``max_wait_min`` in an output means and which module makes it."""

from __future__ import annotations

from borderlab.evidence.catalogue.catalogue import entries, rows_of, split
from borderlab.evidence.provenance.answer import Answer
from borderlab.evidence.provenance.declared import Declarations
from borderlab.evidence.provenance.usage import Use


def result_answer(name: str, declarations: Declarations) -> Answer | None:
    """The answer for a computed figure: its key alone, or a measure's id with it (``arrivals.median``)."""
    rows = {row["id"]: (line, row) for line, row in rows_of("results")}
    head, _, key = name.rpartition(".")
    if key not in rows or (head and not entries().get(head)):
        return None
    line, row = rows[key]
    subject = entries()[head][0] if head else None
    uses = [Use("module", row["module"])]
    sources = split(row["source"])
    unit = row["unit"]
    if subject is not None:
        uses += [Use("module", module) for module in declarations.of("indicator", head).modules]
        sources = tuple(dict.fromkeys((*subject.sources, *sources)))
        unit = subject.row.get("unit") or unit if unit == "as the measure" else unit
    return Answer(
        name=name,
        kind="result",
        meaning_en=f"{subject.title('en')}: {row['meaning_en']}" if subject else row["meaning_en"],
        meaning_es=f"{subject.title('es')}: {row['meaning_es']}" if subject else row["meaning_es"],
        value=None,
        range=None,
        unit=unit,
        grade=None,
        date=row["date"],
        sources=sources,
        used=tuple(uses),
        reached=(),
        note="computed anew by each run; the run's hash says from what",
        place=f"results.csv:{line}",
    )
