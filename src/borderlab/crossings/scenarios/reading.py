"""Reads a scenario file strictly: every fault is told, with its line, its cause and the nearest right word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from borderlab.base.problems import InputError, Problem, ProblemList, nearest
from borderlab.base.quantity import QuantityError, parse_quantity
from borderlab.base.yamlfile import line_of, read_yaml
from borderlab.crossings.border.places import LANE_CLASSES, MODE_OF, MODES, check_period, lanes, ports, resolve
from borderlab.crossings.scenarios.period import DAY_SETS, DAYS, parse_hours
from borderlab.crossings.scenarios.restriction import KINDS, PROGRAMME, Kind, Restriction
from borderlab.crossings.scenarios.scenario import MAX_DAYS, Counted, Scenario, Volume

SCHEMA = "borderlab/scenario/1"
TOP = [
    "schema",
    "id",
    "title",
    "gist",
    "period",
    "volumes",
    "restrictions",
    "sources",
    "assumptions",
    "observed",
    "counted",
    "upper_bounds",
]  # in the order they are documented
WHERE_AND_WHEN = ("kind", "at", "mode", "lane", "from", "to", "hours", "days", "source", "note")
# Words that people write for ours and that no spelling distance would find.
_SAID_FOR = {
    "where": "at", "crossing": "at", "crossings": "at", "port": "at", "region": "at", "place": "at",
    "modes": "mode", "lanes": "lane", "lane_class": "lane", "lane_classes": "lane",
    "start": "from", "begin": "from", "since": "from", "first": "from", "end": "to", "until": "to", "last": "to",
    "minutes": "time", "duration": "time", "minutes_each": "time", "type": "kind", "name": "title",
    "dates": "period", "date": "period", "rules": "restrictions", "measures": "restrictions",
    "fraction": "share", "percent": "share", "weekdays": "days", "sources": "source", "volume": "volumes",
    "shut": "close", "closure": "close", "closed": "close", "cap": "cap-booths", "inspection": "add-stage",
    "stage": "add-stage", "slow": "service-time", "service": "service-time", "staffing": "booths",
    "cars": "vehicle", "car": "vehicle", "trucks": "truck", "freight": "truck", "foot": "pedestrian",
    "fast": "commercial-fast", "sentri": "passenger-sentri", "ready": "passenger-ready",
}  # fmt: skip
FIRST_OWN, LAST_OWN = date(1960, 1, 1), date(2030, 12, 31)


def read_scenario(path: str | Path) -> Scenario:
    """Read and check one scenario file.

    Raises:
        InputError: with every fault of the file.
    """
    path = Path(path)
    try:
        document = read_yaml(path)
    except InputError as error:
        raise _with_line_of_bad_date(error, path) from None
    return _Reader(document, path).scenario()


def _with_line_of_bad_date(error: InputError, path: Path) -> InputError:
    """YAML itself refuses 2022-04-31, without saying where. Say where."""
    if (
        len(error.problems) != 1
        or error.problems[0].line is not None
        or "not valid YAML" not in error.problems[0].cause
    ):
        return error
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        for word in re.findall(r"\b\d{4}-\d{2}-\d{2}\b", line):
            try:
                date.fromisoformat(word)
            except ValueError:
                found.append(Problem(f"there is no day {word}.", str(path), number, "Write year-month-day."))
    return InputError(found) if found else error


class _Reader:
    """One pass over one document; faults gather in ``problems``."""

    def __init__(self, document: Mapping[str, Any], path: Path) -> None:
        self.document = document
        self.path = path
        self.problems = ProblemList(path)

    # -- the document -------------------------------------------------------------------------------------------

    def scenario(self) -> Scenario:
        """The scenario, or an InputError with every fault."""
        doc = self.document
        self._keys(doc, TOP, "a scenario")
        if "schema" in doc and doc["schema"] != SCHEMA:
            self._add(f"the schema '{doc['schema']}' is not known.", doc, "schema", cure=f"Write 'schema: {SCHEMA}'.")
        title = self._words(doc, "title", needed=True)
        gist = self._words(doc, "gist")
        span = self._period()
        volumes = self._volumes()
        if span and volumes is not None:
            self._check_dates(span, bool(volumes))
        restrictions = self._restrictions(span)
        name = doc.get("id", self.path.stem)
        if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
            if "id" in doc:
                self._add("id is not a word of small letters, digits and hyphens.", doc, "id")
            name = re.sub(r"[^a-z0-9]+", "-", str(name).lower()).strip("-") or "scenario"
        notes = self._pairs("assumptions", ())
        observed = self._pairs("observed", ("source",))
        counted = self._counted()
        bounds = self._pairs("upper_bounds", ("usd", "source"))
        sources = self._sources(doc, "sources")
        self.problems.raise_if_any()
        assert span is not None
        return Scenario(
            id=name,
            title_en=title[0],
            title_es=title[1],
            gist_en=gist[0],
            gist_es=gist[1],
            first=span[0],
            last=span[1],
            volumes=tuple(volumes or ()),
            restrictions=tuple(restrictions),
            sources=tuple(sources),
            assumptions=tuple((note["en"], note["es"]) for note in notes),
            observed=tuple((note["en"], note["es"], note["source"]) for note in observed),
            counted=tuple(counted),
            upper_bounds=tuple((note["en"], note["es"], note["usd"], note["source"]) for note in bounds),
            text=self.path.read_text(encoding="utf-8"),
        )

    def _add(
        self, cause: str, node: Any, key: Any = None, *, cure: str | None = None, did_you_mean: str | None = None
    ) -> None:
        self.problems.add(cause, line=line_of(node, key), cure=cure, did_you_mean=did_you_mean)

    def _keys(self, node: Mapping[str, Any], known: Iterable[str], what: str) -> None:
        known = list(known)
        for key in node:
            if key not in known:
                hint = _SAID_FOR.get(str(key).lower())
                self._add(
                    f"unknown key '{key}' in {what}.",
                    node,
                    key,
                    did_you_mean=hint if hint in known else nearest(str(key), known),
                    cure=f"Known: {', '.join(known)}." if len(known) <= 14 else None,
                )

    def _meant(self, node: Mapping[str, Any], key: str) -> bool:
        """True if another key of the node was surely meant for ``key`` and has been named as such."""
        words = [str(word) for word in node if word not in (*TOP, *WHERE_AND_WHEN)]
        return any(_SAID_FOR.get(word.lower()) == key or nearest(word, [key]) for word in words)

    def _words(self, node: Mapping[str, Any], key: str, needed: bool = False) -> tuple[str, str]:
        value = node.get(key)
        if value is None:
            if needed and not self._meant(node, key):
                self._add(f"'{key}' is missing.", node, key if key in node else None, cure=f"Add a line '{key}: …'.")
            return "", ""
        if isinstance(value, Mapping):
            self._keys(value, ("en", "es"), f"'{key}'")
            parts = [value.get("en"), value.get("es")]
            if any(part is not None and not isinstance(part, str) for part in parts) or not any(parts):
                self._add(f"'{key}' needs text under 'en' or 'es'.", node, key)
                return "", ""
            english, spanish = parts[0] or parts[1], parts[1] or parts[0]
            return str(english).strip(), str(spanish).strip()
        if not isinstance(value, str) or not value.strip():
            self._add(f"'{key}' is not text.", node, key, cure="Write text, or {en: …, es: …}.")
            return "", ""
        return value.strip(), value.strip()

    def _strings(self, node: Mapping[str, Any], key: str) -> list[str]:
        value = node.get(key)
        if value is None:
            return []
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self._add(f"'{key}' is not a text or a list of texts.", node, key)
            return []
        return [str(item) for item in items]

    def _sources(self, node: Mapping[str, Any], key: str) -> list[str]:
        """Source ids or references in words; several in one text are split by semicolons."""
        return [part.strip() for text in self._strings(node, key) for part in text.split(";") if part.strip()]

    def _pairs(self, key: str, more: tuple[str, ...]) -> list[dict[str, Any]]:
        """A list of {en, es, …} remarks."""
        value = self.document.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self._add(f"'{key}' is not a list.", self.document, key, cure="Begin each item with '- {en: …, es: …}'.")
            return []
        found = []
        for index, item in enumerate(value):
            if isinstance(item, str) and not more:
                found.append({"en": item, "es": item})
                continue
            if not isinstance(item, Mapping):
                self._add(f"an item of '{key}' is not {{en: …, es: …}}.", value, index)
                continue
            self._keys(item, ("en", "es", *more), f"'{key}'")
            english, spanish = self._words({"text": {k: item[k] for k in ("en", "es") if k in item}}, "text")
            entry: dict[str, Any] = {"en": english, "es": spanish}
            if "source" in more:
                entry["source"] = str(item.get("source", ""))
            if "usd" in more:
                entry["usd"] = self._quantity(item, "usd", "USD", 0, 1e13, "470 million USD")
            found.append(entry)
        return found

    def _counted(self) -> list[Counted]:
        """Published changes by port, mode and month."""
        value = self.document.get("counted")
        if value is None:
            return []
        if not isinstance(value, list):
            self._add("'counted' is not a list.", self.document, "counted", cure="Begin each item with '- at: …'.")
            return []
        names = {port.name.casefold(): code for code, port in ports().items()}
        found = []
        for index, item in enumerate(value):
            if not isinstance(item, Mapping):
                self._add("an item of 'counted' is not {at, mode, month, change, source}.", value, index)
                continue
            before = len(self.problems.problems)
            self._keys(item, ("at", "mode", "month", "day", "change", "source"), "'counted'")
            for key in ("at", "mode", "day" if "day" in item else "month", "change", "source"):
                if key not in item:
                    self._add(f"the counted change has no '{key}'.", value, index)
            word = str(item.get("at", ""))
            port = word if word in ports() else names.get(word.casefold(), "")
            if not port and "at" in item:
                known = [*ports(), *(one.name for one in ports().values())]
                self._add(f"'{word}' is no port.", item, "at", did_you_mean=nearest(word, known))
            modes = self._choice(item, "mode", MODES, "mode") or ()
            day = self._date(item, "day") if "day" in item else None
            month = f"{day:%Y-%m}" if day else str(item.get("month", ""))
            if "month" in item and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
                self._add(f"'{month}' is not a month.", item, "month", cure="Write year-month, like 2022-04.")
            change = self._quantity(item, "change", "share", -1.0, 10.0, "-20 %") if "change" in item else None
            if len(self.problems.problems) == before and change is not None:
                source = "; ".join(self._sources(item, "source"))
                found.append(Counted(port=port, mode=modes[0], month=month, day=day, change=change, source=source))
        return found

    # -- time ---------------------------------------------------------------------------------------------------

    def _date(self, node: Mapping[str, Any], key: str) -> date | None:
        value = node.get(key)
        if isinstance(value, datetime):
            self._add(f"'{key}' holds a time of day; whole days are needed.", node, key, cure="Use 'hours' for hours.")
            return None
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self._add(f"'{value}' is not a date.", node, key, cure="Write year-month-day, like 2022-04-08.")
            return None

    def _period(self) -> tuple[date, date] | None:
        node = self.document.get("period")
        if node is None:
            self._add("'period' is missing.", self.document, cure="Add 'period: {from: 2022-04-08, to: 2022-04-15}'.")
            return None
        if not isinstance(node, Mapping):
            self._add("'period' is not {from: …, to: …}.", self.document, "period", cure="Write two dates.")
            return None
        self._keys(node, ("from", "to"), "'period'")
        absent = [key for key in ("from", "to") if key not in node]
        for key in absent:
            self._add(f"'period' has no '{key}'.", self.document, "period")
        ends = [self._date(node, key) for key in ("from", "to") if key in node]
        if absent or None in ends:
            return None
        first, last = ends
        assert first is not None
        assert last is not None
        if last < first:
            self._add(f"the period ends ({last}) before it begins ({first}).", node, "to")
            return None
        if (last - first).days >= MAX_DAYS:
            self._add(f"the period has {(last - first).days + 1} days; at most {MAX_DAYS} are simulated.", node, "to")
            return None
        return first, last

    def _check_dates(self, span: tuple[date, date], own_volumes: bool) -> None:
        node = self.document["period"]
        if own_volumes:
            if span[0] < FIRST_OWN or span[1] > LAST_OWN:
                self._add(f"the period lies outside {FIRST_OWN} … {LAST_OWN}.", node, "from")
            return
        try:
            check_period(*span)
        except InputError as error:
            for problem in error.problems:
                self._add(
                    problem.cause, node, "from", cure=problem.cure or "Give 'volumes' with a source for other years."
                )

    # -- places and lanes ---------------------------------------------------------------------------------------

    def _list(self, node: Mapping[str, Any], key: str) -> list[tuple[Any, int | None]]:
        """The items of a field that may be one word or a list, each with its line."""
        value = node.get(key)
        if value is None:
            return []
        if isinstance(value, list):
            return [(item, line_of(value, index) or line_of(node, key)) for index, item in enumerate(value)]
        return [(value, line_of(node, key))]

    def _places(self, node: Mapping[str, Any]) -> tuple[str, ...]:
        if "at" not in node or node["at"] is None or node["at"] == []:
            if not self._meant(node, "at"):
                self._add("'at' is missing.", node, cure="Name crossings, ports, regions, or 'all'.")
            return ()
        found: dict[str, None] = {}
        for word, line in self._list(node, "at"):
            try:
                found |= dict.fromkeys(resolve(str(word)))
            except InputError as error:
                for problem in error.problems:
                    self.problems.add(problem.cause, line=line, cure=problem.cure, did_you_mean=problem.did_you_mean)
        return tuple(found)

    def _with_programme(self, node: Mapping[str, Any], crossings: tuple[str, ...], lane: str) -> tuple[str, ...]:
        """The crossings that have the programme's lane; one that is named and has none is a fault."""
        having = {row.crossing for row in lanes() if row.lane == lane}
        for word, line in self._list(node, "at"):
            if word in crossings and word not in having:
                self.problems.add(f"'{word}' has no lane of {lane}.", line=line, cure="See 'borderlab crossings list'.")
        kept = tuple(name for name in crossings if name in having)
        if crossings and not kept and not any(word in crossings for word, _ in self._list(node, "at")):
            self._add(
                f"no crossing chosen here has a lane of {lane}.", node, "at", cure="See 'borderlab crossings list'."
            )
        return kept

    def _choice(self, node: Mapping[str, Any], key: str, known: tuple[str, ...], what: str) -> tuple[str, ...] | None:
        """The words of a field that must be of a list; None if a word is wrong."""
        chosen, wrong = [], False
        for word, line in self._list(node, key):
            if word in known:
                chosen.append(str(word))
                continue
            wrong = True
            hint = _SAID_FOR.get(str(word).lower())
            endings = {name.split("-")[-1]: name for name in known}
            ending = nearest(str(word), endings)
            self.problems.add(
                f"there is no {what} '{word}'.",
                line=line,
                did_you_mean=hint if hint in known else nearest(str(word), known) or endings.get(ending or ""),
                cure=f"Known: {', '.join(known)}.",
            )
        return None if wrong else tuple(dict.fromkeys(chosen))

    def _lane_classes(self, node: Mapping[str, Any], crossings: tuple[str, ...], kind: Kind | None) -> tuple[str, ...]:
        modes = self._choice(node, "mode", MODES, "mode")
        lane = self._choice(node, "lane", LANE_CLASSES, "lane class")
        if modes is None or lane is None:
            return ()
        only = (kind.mode,) if kind and kind.mode else MODES
        if kind and kind.mode and modes and modes != only:
            self._add(f"'{kind.name}' is for {kind.mode}s only.", node, "mode")
            return ()
        chosen = [name for name in LANE_CLASSES if MODE_OF[name] in (modes or only) and (not lane or name in lane)]
        for name in lane:
            if modes and MODE_OF[name] not in modes:
                self._add(f"the lane class '{name}' is not of mode {' or '.join(modes)}.", node, "lane")
                return ()
        there = {row.lane for row in lanes() if row.crossing in crossings}
        if crossings and not there & set(chosen):
            self._add(
                f"no crossing chosen here has lanes of {', '.join(chosen)}.",
                node,
                "at",
                cure="See 'borderlab crossings list'.",
            )
            return ()
        return tuple(name for name in chosen if name in there)

    # -- quantities ---------------------------------------------------------------------------------------------

    def _quantity(
        self, node: Mapping[str, Any], key: str, unit: str, low: float, high: float, example: str
    ) -> float | None:
        try:
            value = parse_quantity(node[key], unit)
        except QuantityError as error:
            said = str(error).partition("; write")[0]
            self._add(
                f"'{key}': {said}.", node, key, did_you_mean=error.did_you_mean, cure=f"Write for example {example}."
            )
            return None
        if not low <= value <= high:
            word = example.partition(" ")[2]
            shown = (f"{low * 100:g} %", f"{high * 100:g} %") if unit == "share" else (f"{low:g}", f"{high:g} {word}")
            self._add(f"'{key}' is {node[key]}; it must lie between {shown[0]} and {shown[1]}.", node, key)
            return None
        return value

    def _volumes(self) -> list[Volume] | None:
        node = self.document.get("volumes")
        if node is None:
            return []
        if not isinstance(node, list) or not node:
            self._add("'volumes' is not a list.", self.document, "volumes", cure="Begin each item with '- at: …'.")
            return None
        before = len(self.problems.problems)
        found: list[Volume] = []
        for index, item in enumerate(node):
            if not isinstance(item, Mapping):
                self._add("a volume is not {at, mode, entries, source}.", node, index)
                continue
            self._keys(item, ("at", "mode", "entries", "booths", "time", "source"), "a volume")
            for key in ("mode", "entries", "source"):
                if key not in item:
                    self._add(f"the volume has no '{key}'.", node, index)
            places = self._places(item)
            modes = self._choice(item, "mode", MODES, "mode") or ()
            if len(places) > 1:
                self._add("a volume is for one crossing; this place has several.", item, "at")
            if not places or len(modes) != 1 or "entries" not in item:
                continue
            amount = self._quantity(item, "entries", f"{modes[0]}/day", 1, 500_000, f"31000 {modes[0]}s/day")
            more = {
                key: self._quantity(item, key, unit, low, high, example)
                for key, unit, low, high, example in (
                    ("booths", "booth", 1, 80, "24 booths"),
                    ("time", "minute", 0.05, 240, "34 s"),
                )
                if key in item
            }
            if amount is not None and None not in more.values():
                found.append(
                    Volume(
                        crossing=places[0],
                        mode=modes[0],
                        per_day=amount,
                        booths=more.get("booths"),
                        service_min=more.get("time"),
                        source=tuple(self._sources(item, "source")),
                    )
                )
        return found if len(self.problems.problems) == before else None

    # -- restrictions -------------------------------------------------------------------------------------------

    def _restrictions(self, span: tuple[date, date] | None) -> list[Restriction]:
        node = self.document.get("restrictions")
        if node is None or node == []:
            self._add(
                "'restrictions' is missing or empty.",
                self.document,
                "restrictions" if "restrictions" in self.document else None,
                cure="For an ordinary week use 'borderlab crossings simulate --from DATE --days 7'.",
            )
            return []
        if not isinstance(node, list):
            self._add(
                "'restrictions' is not a list.", self.document, "restrictions", cure="Begin each with '- kind: …'."
            )
            return []
        found = []
        for index, item in enumerate(node):
            if not isinstance(item, Mapping):
                self._add("a restriction is not a mapping.", node, index, cure="Begin it with '- kind: close'.")
                continue
            restriction = self._restriction(item, line_of(node, index), span)
            if restriction is not None:
                found.append(restriction)
        for later, second in enumerate(found):
            for first in found[:later]:
                why = first.contradicts(second)
                if why:
                    shared = sorted(set(first.crossings) & set(second.crossings))
                    self.problems.add(
                        f"contradicts the restriction of line {first.line}: {why}, at {_few(shared)}.",
                        line=second.line,
                        cure="Change dates, hours, lanes or places so that they do not overlap.",
                    )
        return found

    def _restriction(
        self, item: Mapping[str, Any], line: int | None, span: tuple[date, date] | None
    ) -> Restriction | None:
        before = len(self.problems.problems)
        kind = self._kind(item, line)
        known = [*WHERE_AND_WHEN, *(field.name for field in kind.fields)] if kind else None
        if known:
            self._keys(item, known, f"'{kind.name}'" if kind else "")
        crossings = self._places(item)
        if kind and kind.name in PROGRAMME:
            crossings = self._with_programme(item, crossings, PROGRAMME[kind.name])
        classes = self._lane_classes(item, crossings, kind)
        values = self._values(item, kind, line) if kind else {}
        days = self._days(item)
        hours = self._hours(item)
        ends = [self._date(item, key) if key in item else None for key in ("from", "to")]
        first = ends[0] or (span[0] if span else None)
        last = ends[1] or (span[1] if span else None)
        if first and last and last < first:
            self._add(f"it ends ({last}) before it begins ({first}).", item, "to" if "to" in item else "from")
        elif first and last and span and (first < span[0] or last > span[1]):
            self._add(
                f"{first} to {last} is not inside the period {span[0]} to {span[1]}.",
                item,
                "from" if first < span[0] else "to",
                cure="Widen 'period' or change the dates.",
            )
        note = self._words(item, "note")
        source = self._sources(item, "source")
        if len(self.problems.problems) > before or kind is None or first is None or last is None:
            return None
        return Restriction(
            kind=kind.name,
            crossings=crossings,
            lane_classes=classes,
            first=first,
            last=last,
            days=days,
            hours=hours,
            values=values,
            source=tuple(source),
            note_en=note[0] or None,
            note_es=note[1] or None,
            file=str(self.path),
            line=line,
        )

    def _kind(self, item: Mapping[str, Any], line: int | None) -> Kind | None:
        name = item.get("kind")
        if name in KINDS:
            return KINDS[str(name)]
        if name is None:
            hint = next((_SAID_FOR[str(key)] for key in item if _SAID_FOR.get(str(key)) == "kind"), None)
            self.problems.add("the restriction has no 'kind'.", line=line, cure=f"One of: {', '.join(KINDS)}.")
            if hint is None:
                return None
        else:
            word = _SAID_FOR.get(str(name).lower())
            self._add(
                f"there is no restriction of kind '{name}'.",
                item,
                "kind",
                did_you_mean=word if word in KINDS else nearest(str(name), KINDS),
                cure=f"Known: {', '.join(KINDS)}.",
            )
        return None

    def _values(self, item: Mapping[str, Any], kind: Kind, line: int | None) -> dict[str, float]:
        names = [field.name for field in kind.fields]
        given = [name for name in names if item.get(name) is not None]
        missing = [name for name in kind.needs if name not in given]
        for name in missing:
            self.problems.add(
                f"'{kind.name}' needs '{name}'.", line=line, cure=f"For example: '{name}: {kind.field(name).example}'."
            )
        for wanted, few in ((kind.one_of, True), (kind.any_of, False)):
            count = sum(name in given for name in wanted)
            if wanted and (count == 0 or (few and count > 1)):
                which = " or ".join(f"'{name}: {kind.field(name).example}'" for name in wanted)
                self.problems.add(f"'{kind.name}' needs {'one' if few else 'at least one'} of {which}.", line=line)
        values = {}
        for name in given:
            field = kind.field(name)
            value = self._quantity(item, name, field.unit, field.low, field.high, field.example)
            if value is not None:
                values[name] = value
        return values

    def _days(self, item: Mapping[str, Any]) -> tuple[int, ...]:
        if item.get("days") is None:
            return ()
        if isinstance(item["days"], str) and item["days"] in DAY_SETS:
            return DAY_SETS[item["days"]]
        chosen = self._choice(item, "days", DAYS, "day")
        return tuple(sorted(DAYS.index(day) for day in chosen or ()))

    def _hours(self, item: Mapping[str, Any]) -> tuple[int, int] | None:
        if item.get("hours") is None:
            return None
        try:
            return parse_hours(str(item["hours"]))
        except ValueError as error:
            self._add(f"'{item['hours']}': {error}.", item, "hours")
            return None


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
