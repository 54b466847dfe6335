"""CBP's live feed of border wait times: JSON in which every number is a string."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from borderlab.observe.reading.dates import parse_moment, parse_update_time, reading_time
from borderlab.observe.reading.rawfile import fault

# group of the feed -> (lane block of the feed -> our lane class)
LANES = {
    "commercial_vehicle_lanes": {"standard_lanes": "commercial-standard", "FAST_lanes": "commercial-fast"},
    "passenger_vehicle_lanes": {
        "standard_lanes": "passenger-standard",
        "ready_lanes": "passenger-ready",
        "NEXUS_SENTRI_lanes": "passenger-sentri",
    },
    "pedestrian_lanes": {"standard_lanes": "pedestrian-standard", "ready_lanes": "pedestrian-ready"},
}
# What the feed says in place of a reading, in English and in the Spanish that it sometimes slips into.
NO_READING = (
    "", "n/a", "update pending", "lanes closed", "closed",
    "n/d", "no disponible", "actualización pendiente", "pendiente de actualización", "carriles cerrados", "cerrado",
)  # fmt: skip
COLUMNS = ("port_number", "name", "lane", "observed", "value", "lanes_open", "status", "lag_h")
Cells = dict[str, str | None]


def feed_rows(text: str, path: str | Path) -> list[Cells]:
    """The readings of a feed as text rows of the archived table's columns, Mexican border and northern border alike.

    A lane without a reading gives a row with an empty value, so that it is counted. A port whose entry cannot be
    understood gives one row with nothing but its number.

    Raises:
        InputError: not JSON, or not a list of ports.
    """
    try:
        ports = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        where = getattr(error, "lineno", None)
        raise fault(path, "is cut off or is no JSON.", "Fetch the feed again.", where) from None
    if isinstance(ports, dict):
        ports = next((value for value in ports.values() if isinstance(value, list)), None)
    if not isinstance(ports, list) or not ports:
        raise fault(path, "holds no list of ports.", "Fetch the feed again.")
    return [row for port in ports for row in _port_rows(port)]


def xml_rows(text: str, path: str | Path) -> list[Cells]:
    """The same for the feed as XML, in which elements take the place of the JSON's names.

    Raises:
        InputError: cut off or no XML, with a document type or entities (which no feed has), or without ports.
    """
    import defusedxml
    from defusedxml import ElementTree

    # The working copy is UTF-8 whatever the file was, so that what the file says of its encoding no longer holds.
    plain = re.sub(r"^\ufeff?\s*<\?xml[^>]*\?>", "", text, count=1)
    try:
        root = ElementTree.fromstring(plain, forbid_dtd=True)
    except defusedxml.DefusedXmlException:
        raise fault(
            path, "is XML with a document type or entities, which no wait-time feed has.", "Not read."
        ) from None
    except (ElementTree.ParseError, RecursionError, ValueError) as error:
        where = getattr(error, "position", (None,))[0]
        raise fault(path, "is cut off or is no XML.", "Fetch the feed again.", where) from None
    ports = [port for port in root.iter() if port.find("port_number") is not None]
    if not ports:
        raise fault(path, "holds no list of ports.", "Fetch the feed again.")
    stamp = {"date": root.findtext("last_updated_date"), "time": root.findtext("last_updated_time")}
    return [row for port in ports for row in _port_rows(_as_port(port, stamp))]


def _as_port(port: Any, stamp: dict[str, str | None]) -> dict[str, Any]:
    """A port's element as the JSON has it: text, or a group of lanes with their fields."""
    found: dict[str, Any] = {}
    for child in port:
        blocks = {block.tag: {one.tag: one.text or "" for one in block} or block.text or "" for block in child}
        found[child.tag] = blocks or child.text or ""
    if not found.get("time") and parse_moment(f"{found.get('date') or ''} {stamp['time'] or ''}"):
        found["time"] = stamp["time"]
    return found


def _port_rows(port: Any) -> Iterator[Cells]:
    if not isinstance(port, dict):
        yield dict.fromkeys(COLUMNS)
        return
    number = _text(port.get("port_number"))
    name = " - ".join(part for part in (_text(port.get("port_name")), _text(port.get("crossing_name"))) if part)
    day, clock = _text(port.get("date")), _text(port.get("time"))
    stamp = parse_moment(f"{day} {clock}") or parse_moment(f"{day} 23:59")
    found = False
    for group, blocks in LANES.items():
        inside = port.get(group)
        for block, lane in blocks.items():
            if isinstance(inside, dict) and isinstance(inside.get(block), dict):
                found = True
                yield _lane_row(number, name, lane, stamp, inside[block])
    if not found:
        yield dict.fromkeys(COLUMNS) | {"port_number": number or None, "name": name or None}


def _lane_row(number: str, name: str, lane: str, stamp: datetime | None, reading: dict[str, Any]) -> Cells:
    status = _text(reading.get("operational_status"))
    delay = _text(reading.get("delay_minutes"))
    clock = parse_update_time(_text(reading.get("update_time")))
    if (status and status.casefold() in NO_READING) or delay.casefold() in NO_READING:
        delay = ""
    observed = reading_time(stamp, clock) if stamp and clock else (stamp if not delay else None)
    return {
        "port_number": number or None,
        "name": name or None,
        "lane": lane,
        "observed": observed.strftime("%Y-%m-%d %H:%M:%S") if observed else None,
        "value": delay or None,
        "lanes_open": _text(reading.get("lanes_open")) or None,
        "status": status or None,
        "lag_h": None,  # the answer's own clock and the lane's are in different time zones, which the feed leaves open
    }


def _text(value: Any) -> str:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value).strip()
    return ""


def lay_feed(con: Any, rows: list[Cells], columns: tuple[str, ...]) -> Any:
    """Put the feed's rows on a desk, as the archived table's rows would be."""
    from borderlab.observe.reading.layout import datasets
    from borderlab.observe.reading.staging import Desk, prepare

    prepare(con)
    fields = ", ".join(f"unnest(${name}::VARCHAR[]) AS {name}" for name in columns)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE raw AS SELECT row_number() OVER () AS line, * FROM (SELECT {fields})",
        {name: [row[name] for row in rows] for name in columns},
    )
    return Desk(con, datasets()["cbp-waits"], frozenset(columns), rows_read=len(rows))
