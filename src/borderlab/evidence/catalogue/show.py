"""Everything the tables say of one essay, source, claim, programme, episode or other name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.catalogue.catalogue import Entry, entries
from borderlab.evidence.tables.claim import Claim, claims


@dataclass(frozen=True)
class Shown:
    """What ``evidence show ID`` answers.

    Attributes:
        id: what was asked for.
        entries: the things of that name (an essay is a source).
        claims: of an essay, all its claims; of a claim, itself; else the claims that rest on it or bear on it.
        values: of a topic on which sources differ, its rows.
    """

    id: str
    entries: tuple[Entry, ...]
    claims: tuple[Claim, ...]
    values: tuple[Entry, ...] = field(default=())

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        """The contract of ``evidence show ID --json``."""
        return {
            "id": self.id,
            "claims": [claim.to_json(lang) for claim in self.claims],
            "entries": [
                {"id": entry.id, "kind": entry.kind, "title": entry.title(lang), "row": _row(entry)}
                for entry in (*self.entries, *self.values)
            ],
        }


def _row(entry: Entry) -> dict[str, str | None]:
    return {column: cell or None for column, cell in entry.row.items() if column != "text"}


def show(name: str) -> Shown:
    """What the tables hold of ``name``.

    Raises:
        InputError: nothing has that name; says the nearest that does.
    """
    name = name.strip()
    things = entries().get(name, ())
    topic = tuple(
        entry
        for group in entries().values()
        for entry in group
        if entry.kind == "conflict" and entry.row["topic"] == name
    )
    if not things and not topic:
        known = [*entries(), *{e.row["topic"] for g in entries().values() for e in g if e.kind == "conflict"}]
        folded = {one.casefold(): one for one in known}
        near = folded.get(name.casefold()) or nearest(name, known)
        raise InputError(
            Problem(
                f"nothing is called '{name}'.",
                did_you_mean=near,
                cure="'borderlab evidence search WORDS' finds names.",
            )
        )
    return Shown(name, things, tuple(_claims(name, {entry.kind for entry in things})), topic)


def _claims(name: str, kinds: set[str]) -> list[Claim]:
    every = claims().values()
    if "claim" in kinds:
        return [claims()[name]]
    own = [claim for claim in every if claim.source == name]
    if own:
        return own
    return [
        claim
        for claim in every
        if name in (*claim.official_sources, *claim.model_ids, *claim.episode_ids, *claim.programme_ids)
    ]
