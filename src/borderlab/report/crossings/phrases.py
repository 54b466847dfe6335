"""Sentences about restrictions, lanes and places, in English and Spanish."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from borderlab.crossings.border.places import LANE_CLASSES, MODE_OF, REGIONS, crossing, crossings, ports
from borderlab.crossings.scenarios.restriction import Restriction
from borderlab.language.dates import period
from borderlab.language.numbers import number, percent, signed

Words = Callable[..., str]

_MODES = {"truck": "trucks", "vehicle": "cars", "pedestrian": "people on foot"}
_ONE = {"truck": "truck", "vehicle": "car", "pedestrian": "person on foot"}
_LANES = {
    "commercial-standard": "standard truck lanes",
    "commercial-fast": "FAST truck lanes",
    "passenger-standard": "standard car lanes",
    "passenger-ready": "Ready car lanes",
    "passenger-sentri": "SENTRI car lanes",
    "pedestrian-standard": "standard foot lanes",
    "pedestrian-ready": "Ready foot lanes",
}
_UNITS = {
    "USD/hour": "dollars an hour",
    "1/USD": "per dollar",
    "share": "share",
    "number": "number",
    "vehicle": "vehicles",
    "day": "days",
    "ratio": "ratio",
    "-": "number",
    "1": "number",
}
_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_REGIONS = {
    "san-diego": "San Diego–Tijuana",
    "imperial-yuma": "Imperial Valley and Yuma",
    "arizona": "Arizona",
    "el-paso": "El Paso–Juárez",
    "big-bend-del-rio": "Big Bend to Del Rio",
    "laredo": "Laredo and Eagle Pass",
    "rio-grande-valley": "Rio Grande Valley",
}


def mode_words(mode: str, tr: Words) -> str:
    """``trucks``, ``cars`` or ``people on foot``."""
    return tr(_MODES[mode])


def one_of_mode(mode: str, tr: Words) -> str:
    """``truck``, ``car`` or ``person on foot``."""
    return tr(_ONE[mode])


def lane_words(lane: str, tr: Words) -> str:
    """A lane class in words."""
    return tr(_LANES[lane])


def unit_words(unit: str, tr: Words) -> str:
    """A unit of the register in words; symbols that are the same everywhere stay."""
    words = _UNITS.get(unit)
    return tr(words) if words else unit


def region_words(region: str, tr: Words) -> str:
    """A region in words."""
    return tr(_REGIONS[region])


def place_words(ids: Sequence[str], lang: str, tr: Words, most: int = 5) -> str:
    """Crossings in words: all, a port or region if it is just that, or the names."""
    chosen = set(ids)
    if chosen == {row.id for row in crossings()}:
        return tr("all crossings")
    if len(chosen) > 1:
        for port in ports().values():
            if chosen == set(port.crossings):
                return tr("all crossings of {place}", place=port.name)
        for region in REGIONS:
            if chosen == {row.id for row in crossings() if row.region == region}:
                return tr("all crossings of {place}", place=region_words(region, tr))
    names = [crossing(name).name(lang) for name in ids]
    if len(names) > most:
        return tr("{names} and {count} more", names=", ".join(names[:most]), count=len(names) - most)
    return ", ".join(names)


def lanes_of_restriction(restriction: Restriction, tr: Words) -> str:
    """Whom it touches: modes where all their lane classes are chosen, else the lane classes."""
    chosen, words = set(restriction.lane_classes), []
    there = {mode: [lane for lane in LANE_CLASSES if MODE_OF[lane] == mode] for mode in _MODES}
    for mode, classes in there.items():
        mine = [lane for lane in classes if lane in chosen]
        if mine and (len(mine) == len(classes) or len(mine) > 1 or restriction.kind.endswith("-share")):
            words.append(mode_words(mode, tr))
        else:
            words += [lane_words(lane, tr) for lane in mine]
    return ", ".join(words)


def what_it_does(restriction: Restriction, tr: Words) -> str:
    """The restriction itself, without place and time."""
    values = restriction.values

    def share(name: str = "share") -> str:
        return percent(values[name], 1 if values[name] * 1000 % 10 > 0.01 else 0)

    def amount(name: str) -> str:
        return number(values[name], 1 if values[name] % 1 > 0.01 else 0)

    match restriction.kind:
        case "close":
            return tr("closed")
        case "cap-booths":
            if "booths" in values:
                return tr("at most {booths} booths open", booths=amount("booths"))
            return tr("{share} of the usual booths open", share=share())
        case "booths":
            if "booths" in values:
                return tr("{booths} booths open", booths=amount("booths"))
            return tr("{change} booths against the usual number", change=signed(values["add"]))
        case "add-stage":
            return tr(
                "a further inspection of {share} of them, {places} places, {time} min each",
                share=share(),
                places=amount("places"),
                time=amount("time"),
            )
        case "secondary":
            parts = []
            if "share" in values:
                parts.append(tr("{share} sent to secondary inspection", share=share()))
            if "time" in values:
                parts.append(tr("{time} min in secondary inspection", time=amount("time")))
            return ", ".join(parts)
        case "service-time":
            if "factor" in values:
                return tr("the time at the booth is {share} of the usual", share=percent(values["factor"]))
            minutes = values.get("time", values.get("add", 0.0))
            if minutes < 3:
                shown = tr("{seconds} seconds", seconds=number(minutes * 60))
            else:
                shown = tr("{minutes} minutes", minutes=number(minutes, 1 if minutes % 1 > 0.01 else 0))
            return (
                tr("{time} at the booth", time=shown)
                if "time" in values
                else tr("{time} longer at the booth", time=shown)
            )
        case "sentri-share" | "fast-share":
            programme = "SENTRI" if restriction.kind == "sentri-share" else "FAST"
            if "share" in values:
                return tr("{share} of them in {programme}", share=share(), programme=programme)
            points = signed(values["add"] * 100)
            return tr("{points} percentage points in {programme}", points=points, programme=programme)
        case _:
            return tr("{change} who want to cross", change=percent(values["change"], sign=True))


def when(restriction: Restriction, lang: str, tr: Words) -> str:
    """The time of a restriction."""
    text = period(restriction.first, restriction.last, lang)
    if restriction.days:
        text += ", " + ", ".join(tr(_DAYS[day]) for day in restriction.days)
    if restriction.hours:
        first, last = restriction.hours
        text += ", " + tr("{first}:00 to {last}:00", first=first, last=last)
    return text


def restriction_words(restriction: Restriction, lang: str, tr: Words) -> tuple[str, str]:
    """Term and explanation of a restriction: where and whom; what, when, remark."""
    place = place_words(restriction.crossings, lang, tr)
    term = f"{place[:1].upper()}{place[1:]}: {lanes_of_restriction(restriction, tr)}"
    text = f"{what_it_does(restriction, tr)}; {when(restriction, lang, tr)}."
    note = restriction.note_es if lang == "es" else restriction.note_en
    return term, text[:1].upper() + text[1:] + (f" {note}" if note else "")
