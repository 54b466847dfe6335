"""Fields of a scenario file, read strictly: each fault is told with its line, its cause and the nearest right word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from borderlab.base.problems import ProblemList, nearest
from borderlab.base.yamlfile import line_of
from borderlab.crossings.scenarios.keys import SAID_FOR, TOP, WHERE_AND_WHEN
from borderlab.language.units import QuantityError, parse_quantity


class ScenarioFields:
    """Reads fields of any node of one document; faults gather in ``problems``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems = ProblemList(path)

    def add(
        self, cause: str, node: Any, key: Any = None, *, cure: str | None = None, did_you_mean: str | None = None
    ) -> None:
        """A fault, at the line of a node or of one key of it."""
        self.problems.add(cause, line=line_of(node, key), cure=cure, did_you_mean=did_you_mean)

    def keys(self, node: Mapping[str, Any], known: Iterable[str], what: str) -> None:
        """A fault for every key that is not known."""
        known = list(known)
        for key in node:
            if key not in known:
                hint = SAID_FOR.get(str(key).lower())
                near = hint if hint in known else nearest(str(key), known)
                cure = f"Known: {', '.join(known)}." if len(known) <= 14 else None
                if node[key] is None and near is None:  # {share: 2,5 %} reads as the number 2 and the key '5 %'
                    cure = "If it belongs to the value before it, put that in quotes: a comma ends it."
                self.add(f"unknown key '{key}' in {what}.", node, key, did_you_mean=near, cure=cure)

    def meant(self, node: Mapping[str, Any], key: str) -> bool:
        """True if another key of the node was surely meant for ``key`` and has been named as such."""
        words = [str(word) for word in node if word not in (*TOP, *WHERE_AND_WHEN)]
        return any(SAID_FOR.get(word.lower()) == key or nearest(word, [key]) for word in words)

    def words(self, node: Mapping[str, Any], key: str, needed: bool = False) -> tuple[str, str]:
        """Text in English and Spanish; one language stands for both."""
        value = node.get(key)
        if value is None:
            if needed and not self.meant(node, key):
                self.add(f"'{key}' is missing.", node, key if key in node else None, cure=f"Add a line '{key}: …'.")
            return "", ""
        if isinstance(value, Mapping):
            self.keys(value, ("en", "es"), f"'{key}'")
            parts = [value.get("en"), value.get("es")]
            if any(part is not None and not isinstance(part, str) for part in parts) or not any(parts):
                self.add(f"'{key}' needs text under 'en' or 'es'.", node, key)
                return "", ""
            english, spanish = parts[0] or parts[1], parts[1] or parts[0]
            return str(english).strip(), str(spanish).strip()
        if not isinstance(value, str) or not value.strip():
            self.add(f"'{key}' is not text.", node, key, cure="Write text, or {en: …, es: …}.")
            return "", ""
        return value.strip(), value.strip()

    def _strings(self, node: Mapping[str, Any], key: str) -> list[str]:
        value = node.get(key)
        if value is None:
            return []
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self.add(f"'{key}' is not a text or a list of texts.", node, key)
            return []
        return [str(item) for item in items]

    def sources(self, node: Mapping[str, Any], key: str) -> list[str]:
        """Source ids or references in words; several in one text are split by semicolons."""
        return [part.strip() for text in self._strings(node, key) for part in text.split(";") if part.strip()]

    def remarks(self, node: Mapping[str, Any], key: str, more: tuple[str, ...]) -> list[dict[str, Any]]:
        """A list of {en, es, …} remarks."""
        value = node.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.add(f"'{key}' is not a list.", node, key, cure="Begin each item with '- {en: …, es: …}'.")
            return []
        found = []
        for index, item in enumerate(value):
            if isinstance(item, str) and not more:
                found.append({"en": item, "es": item})
                continue
            if not isinstance(item, Mapping):
                self.add(f"an item of '{key}' is not {{en: …, es: …}}.", value, index)
                continue
            self.keys(item, ("en", "es", *more), f"'{key}'")
            english, spanish = self.words({"text": {k: item[k] for k in ("en", "es") if k in item}}, "text")
            entry: dict[str, Any] = {"en": english, "es": spanish}
            if "source" in more:
                entry["source"] = str(item.get("source", ""))
            if "usd" in more and "usd" not in item:
                self.add(f"an item of '{key}' has no 'usd'.", value, index, cure="For example: 'usd: 470 million USD'.")
            elif "usd" in more:
                entry["usd"] = self.quantity(item, "usd", "USD", 0, 1e13, "470 million USD")
            found.append(entry)
        return found

    def day(self, node: Mapping[str, Any], key: str) -> date | None:
        """A day; None, and a fault, if it is none."""
        value = node.get(key)
        if isinstance(value, datetime):
            self.add(f"'{key}' holds a time of day; whole days are needed.", node, key, cure="Use 'hours' for hours.")
            return None
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.add(f"'{value}' is not a date.", node, key, cure="Write year-month-day, like 2022-04-08.")
            return None

    def listed(self, node: Mapping[str, Any], key: str) -> list[tuple[Any, int | None]]:
        """The items of a field that may be one word or a list, each with its line."""
        value = node.get(key)
        if value is None:
            return []
        if isinstance(value, list):
            return [(item, line_of(value, index) or line_of(node, key)) for index, item in enumerate(value)]
        return [(value, line_of(node, key))]

    def choice(self, node: Mapping[str, Any], key: str, known: tuple[str, ...], what: str) -> tuple[str, ...] | None:
        """The words of a field that must be of a list; None if a word is wrong."""
        chosen, wrong = [], False
        for word, line in self.listed(node, key):
            if word in known:
                chosen.append(str(word))
                continue
            wrong = True
            hint = SAID_FOR.get(str(word).lower())
            endings = {name.split("-")[-1]: name for name in known}
            ending = nearest(str(word), endings)
            self.problems.add(
                f"there is no {what} '{word}'.",
                line=line,
                did_you_mean=hint if hint in known else nearest(str(word), known) or endings.get(ending or ""),
                cure=f"Known: {', '.join(known)}.",
            )
        return None if wrong else tuple(dict.fromkeys(chosen))

    def quantity(
        self, node: Mapping[str, Any], key: str, unit: str, low: float, high: float, example: str
    ) -> float | None:
        """A quantity in ``unit`` within its bounds; None, and a fault, if it is not."""
        try:
            value = parse_quantity(node[key], unit)
        except QuantityError as error:
            said = str(error).partition("; write")[0]
            self.add(
                f"'{key}': {said}.", node, key, did_you_mean=error.did_you_mean, cure=f"Write for example {example}."
            )
            return None
        if not low <= value <= high:
            word = example.partition(" ")[2]
            shown = (f"{low * 100:g} %", f"{high * 100:g} %") if unit == "share" else (f"{low:g}", f"{high:g} {word}")
            self.add(f"'{key}' is {node[key]}; it must lie between {shown[0]} and {shown[1]}.", node, key)
            return None
        return value
