"""The words of a scenario file: its keys, and what people write for them."""

from __future__ import annotations

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
SAID_FOR = {
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
