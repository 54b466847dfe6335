"""Search over everything with a name, in both languages at once, forgiving of accents, endings and typing errors.

Ranking is BM25 (Robertson and Zaragoza 2009) over stems; a word of the name or title counts more than one of the text.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from borderlab.evidence.catalogue.catalogue import Entry, all_entries
from borderlab.evidence.catalogue.stems import edits, fold, stems

_K1 = 1.2
_B = 0.6
_TITLE_WEIGHT = 4
_SHORT_WORD = 5
_PART_WEIGHT = 0.6
_TYPO_WEIGHT = 0.5
# What a reader most often looks for comes first among equals; the shifts of levers are many and alike.
_PRIOR = {"claim": 1.05, "episode": 1.1, "programme": 1.1}
_SHIFT_PRIOR = 0.7
_REPEAT = 0.93
_KINDS_LEFT_OUT = frozenset({"fact"})
_NOT_WORDS = frozenset(
    {"source", "id", "date", "url", "model", "episodes", "programmes", "official_source", "low", "high", "choices"}
)


@dataclass(frozen=True)
class Hit:
    """One thing found.

    Attributes:
        entry: what was found.
        score: how well it fits; higher is better, comparable within one search only.
        matched: the words of the query that it fits.
    """

    entry: Entry
    score: float
    matched: tuple[str, ...]

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        """The hit as ``evidence search --json`` gives it."""
        return {
            "id": self.entry.id,
            "kind": self.entry.kind,
            "title": self.entry.title(lang),
            "score": round(self.score, 3),
            "sources": list(self.entry.sources),
        }


def _texts(entry: Entry) -> tuple[str, str]:
    """Title words and body words of an entry, both languages."""
    row = entry.row
    title = f"{entry.id} {entry.title('en')} {entry.title('es')}"
    if entry.kind in ("strategy", "scenario"):
        return title, row["text"]
    return title, " ".join(cell for column, cell in row.items() if cell and column not in _NOT_WORDS)


def _index() -> tuple[list[Entry], list[Counter[str]], list[float]]:
    """Every entry with its weighted counts of stems and its length. Of a conflict, its topic's first value stands."""
    found, counts, lengths = [], [], []
    topics: set[str] = set()
    for entry in all_entries():
        topic = entry.row.get("topic", "")
        if entry.kind in _KINDS_LEFT_OUT or topic in topics:
            continue
        if topic:
            topics.add(topic)
        title, body = _texts(entry)
        count = Counter(stems(title) * _TITLE_WEIGHT)
        count.update(stems(body))
        found.append(entry)
        counts.append(count)
        lengths.append(float(count.total()))
    return found, counts, lengths


def _expand(word: str, vocabulary: set[str]) -> tuple[dict[str, float], float]:
    """Stems that a stem of the query may mean, with their weights, and how far the whole is to be trusted."""
    fits = _meant(word, vocabulary)
    if fits or len(word) < _LEAST_TYPO:
        return fits, 1.0
    most = 1 if len(word) <= _SHORT_WORD else 2
    near = {known: edits(word, known, most) for known in vocabulary if abs(len(known) - len(word)) <= most}
    best = min(near.values(), default=most + 1)
    for known, count in near.items():
        if count == best <= most:
            fits.update(_meant(known, vocabulary))
    return fits, _TYPO_WEIGHT


def _meant(word: str, vocabulary: set[str]) -> dict[str, float]:
    """The stem itself and, if it is long enough, those that begin with it."""
    fits = {word: 1.0} if word in vocabulary else {}
    if len(word) >= _SHORT_WORD:
        fits.update({known: _PART_WEIGHT for known in vocabulary if known != word and known.startswith(word)})
    return fits


_LEAST_TYPO = 4


def _prior(entry: Entry) -> float:
    if entry.kind == "parameter" and entry.table == "parameters/levers":
        return _SHIFT_PRIOR
    return _PRIOR.get(entry.kind, 1.0)


def search(query: str, *, limit: int = 20, kinds: frozenset[str] | None = None) -> list[Hit]:
    """The entries that fit ``query`` best, best first; an empty list if nothing fits.

    Args:
        query: words in English or Spanish; a name fits itself.
        limit: at most so many.
        kinds: only these kinds.
    """
    found, counts, lengths = _index()
    vocabulary: set[str] = set().union(*counts) if counts else set()
    mean = sum(lengths) / max(len(lengths), 1)
    wanted = {word: _expand(word, vocabulary) for word in dict.fromkeys(stems(query))}
    scores = [0.0] * len(found)
    matched: list[list[str]] = [[] for _ in found]
    for word, (fits, trust) in wanted.items():
        held = {}
        for place, count in enumerate(counts):
            frequency = sum(weight * count[known] for known, weight in fits.items() if known in count)
            if frequency:
                held[place] = frequency
        rarity = math.log(1 + (len(found) - len(held) + 0.5) / (len(held) + 0.5))
        for place, frequency in held.items():
            damped = frequency * (_K1 + 1) / (frequency + _K1 * (1 - _B + _B * lengths[place] / mean))
            scores[place] += trust * rarity * damped
            matched[place].append(word)
    name = fold(query.strip())
    hits = []
    for place, entry in enumerate(found):
        if scores[place] <= 0.0 or (kinds and entry.kind not in kinds):
            continue
        share = len(matched[place]) / max(len(wanted), 1)
        score = scores[place] * share * _prior(entry) + (100.0 if fold(entry.id) == name else 0.0)
        hits.append(Hit(entry, score, tuple(matched[place])))
    return _mixed(sorted(hits, key=_rank))[:limit]


def _rank(hit: Hit) -> tuple[float, str, str]:
    return (-hit.score, hit.entry.kind, hit.entry.id)


def _mixed(hits: list[Hit]) -> list[Hit]:
    """The hits with later ones of the same kind and source set back, so that one essay does not fill the list."""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for hit in hits:
        group = (hit.entry.kind, hit.entry.row.get("source", "") if hit.entry.kind == "claim" else "")
        found.append(Hit(hit.entry, hit.score * _REPEAT ** seen[group], hit.matched))
        seen[group] += 1
    return sorted(found, key=_rank)
