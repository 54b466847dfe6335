"""Historical uses of a threat or an imposition, coded, and controls in which there was none."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from borderlab.evidence.tables.dates import Moment, fraction
from borderlab.evidence.tables.table import SourcedRow, by_id, table


class Episode(SourcedRow):
    """One episode. What is not known is None, never 0.

    Attributes:
        id: short name.
        title_en, title_es: what it is called.
        kind: threat (announced only), imposition, both, mutual (agreed), control (no threat), lever-lost.
        issue: what it was about, several split by ``;``.
        sender, target: who pressed whom; ``US-TX`` is the state of Texas.
        first_threat, deadline, imposed, lifted: dates. For a control, ``imposed`` is when the change began.
        lever: port-restriction, tariff, designation, decertification, force, aid, visa.
        threatened, imposed_intensity: how hard, in ``threatened_unit`` and ``imposed_unit``.
        intensity_en, intensity_es: the same in words.
        demand_en, demand_es, demand_size: what was asked; 0 minor, 1 middling, 2 large.
        outcome: SQ no challenge, CD conceded, SF stood firm and imposed, BD backed down.
        concession_en, concession_es: what was given.
        concession_nominal, concession_verified: 0 none … 3 full, as announced and as seen done.
        days_to_concession: from the first threat or imposition.
        relief_conditional: whether lifting was tied to conduct.
        cost_us_usd, cost_mx_usd: cost to each side in US dollars, where a figure exists.
        institution: institution created, 0 none … 3 standing and written.
        prior_action_share: share of the concession that was under way before, 0–1.
        residual_series: the official series on which the rest of the effect is read.
        residual_base: its base month.
        residual_6, residual_12, residual_24: its level so many months after the base, as a share of the base. Other
            causes act too.
        confidence: H, M or L.
        date: to when the row holds.
        note, note_es: a caveat, in English and Spanish.
    """

    id: str
    title_en: str
    title_es: str
    kind: Literal["threat", "imposition", "both", "mutual", "control", "lever-lost"]
    issue: str
    sender: str | None = None
    target: str | None = None
    first_threat: Moment | None = None
    deadline: Moment | None = None
    imposed: Moment | None = None
    lifted: Moment | None = None
    lever: Literal["port-restriction", "tariff", "designation", "decertification", "force", "aid", "visa"] | None = None
    threatened: float | None = None
    threatened_unit: str | None = None
    imposed_intensity: float | None = None
    imposed_unit: str | None = None
    intensity_en: str | None = None
    intensity_es: str | None = None
    demand_en: str | None = None
    demand_es: str | None = None
    demand_size: int | None = Field(default=None, ge=0, le=2)
    outcome: Literal["SQ", "CD", "SF", "BD"] | None = None
    concession_en: str | None = None
    concession_es: str | None = None
    concession_nominal: int | None = Field(default=None, ge=0, le=3)
    concession_verified: int | None = Field(default=None, ge=0, le=3)
    days_to_concession: float | None = Field(default=None, ge=0)
    relief_conditional: Literal["yes", "no"] | None = None
    cost_us_usd: float | None = None
    cost_mx_usd: float | None = None
    institution: int | None = Field(default=None, ge=0, le=3)
    prior_action_share: float | None = Field(default=None, ge=0, le=1)
    residual_series: str | None = None
    residual_base: Moment | None = None
    residual_6: float | None = None
    residual_12: float | None = None
    residual_24: float | None = None
    confidence: Literal["H", "M", "L"]
    date: str
    note: str | None = None
    note_es: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> Episode:
        if not (self.first_threat or self.imposed):
            raise ValueError("an episode needs the date of a threat or of an imposition")
        if (self.threatened is None) != (self.threatened_unit is None):
            raise ValueError("threatened needs a unit")
        if (self.imposed_intensity is None) != (self.imposed_unit is None):
            raise ValueError("imposed_intensity needs a unit")
        if self.kind == "control" and self.outcome is not None:
            raise ValueError("a control has no outcome")
        if (self.note is None) != (self.note_es is None):
            raise ValueError("a note stands in one language only")
        if self.residual_series and not self.residual_base:
            raise ValueError("a residual needs its base month")
        return self

    @property
    def start(self) -> str:
        """The date of the first threat or of the imposition, whichever came first."""
        return min((text for text in (self.first_threat, self.imposed) if text), key=fraction)

    @property
    def is_control(self) -> bool:
        """Whether nothing was threatened: what happens without pressure."""
        return self.kind in ("control", "mutual")


@cache
def episodes() -> dict[str, Episode]:
    """Every episode by id, in order of its start.

    Raises:
        ValueError: an id stands twice.
    """
    return by_id(sorted(table("episodes", Episode), key=lambda row: fraction(row.start)), "episode")
