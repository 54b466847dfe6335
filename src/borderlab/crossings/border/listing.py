"""What `borderlab crossings list` shows: every crossing with its lanes, hours, volume and usual wait."""

from __future__ import annotations

from typing import Any

import numpy as np

from borderlab.crossings.border.fitted import FittedTable, shipped
from borderlab.crossings.border.places import Crossing, crossings, hours, lanes_of
from borderlab.crossings.border.volumes import crossing_share, yearly

LATEST_YEAR = 2024


def list_crossings(table: FittedTable | None = None) -> list[dict[str, Any]]:
    """Every crossing, west to east, JSON-ready.

    Keys: ``id, name, name_es, port, port_name, region, us_state, mx_state, us_city, mx_city, lat, lon, cbp_numbers,
    modes, lanes`` (lane classes), ``booths`` (lane class to most booths), ``hours`` (mode to a text),
    ``yearly_entries`` (mode to entries of ``year``), ``typical_wait_min`` (lane class to the median usual posted wait
    over open hours) and ``calibration`` (lane class to status, readings, lender and fit error).
    """
    fitted = table if table is not None else shipped()
    totals = {(row.port, row.mode): row.entries for row in yearly() if row.year == LATEST_YEAR}
    return [_one(row, fitted, totals) for row in crossings()]


def _one(row: Crossing, fitted: FittedTable, totals: dict[tuple[str, str], float]) -> dict[str, Any]:
    fits = {
        lane.lane: fitted.lanes[row.id, lane.lane] for lane in lanes_of(row.id) if (row.id, lane.lane) in fitted.lanes
    }
    return {
        "id": row.id,
        "name": row.name_en,
        "name_es": row.name_es,
        "port": row.port,
        "port_name": row.port_name,
        "region": row.region,
        "us_state": row.us_state,
        "mx_state": row.mx_state,
        "us_city": row.us_city,
        "mx_city": row.mx_city,
        "lat": row.lat,
        "lon": row.lon,
        "cbp_numbers": list(row.cbp),
        "modes": list(row.modes),
        "lanes": [lane.lane for lane in lanes_of(row.id)],
        "booths": {lane.lane: lane.booths for lane in lanes_of(row.id)},
        "hours": {mode: hours_text(row.id, mode) for mode in row.modes},
        "year": LATEST_YEAR,
        "yearly_entries": {
            mode: round(totals.get((row.port, mode), 0.0) * crossing_share(row.id, mode, LATEST_YEAR))
            for mode in row.modes
        },
        "typical_wait_min": {
            lane: round(float(np.median(fit.usual_wait[fit.booths > 0])))
            for lane, fit in fits.items()
            if fit.booths.any()
        },
        "calibration": {
            lane: {
                "status": fit.status,
                "readings": fit.readings,
                "borrowed_from": fit.borrowed_from,
                "fit_error_min": None if fit.error_min is None else round(fit.error_min, 1),
            }
            for lane, fit in fits.items()
        },
    }


def hours_text(crossing: str, mode: str) -> str:
    """Opening hours in a few characters.

    >>> hours_text("bota", "truck"), hours_text("san-ysidro", "vehicle")
    ('mon-fri 6-14, sat-sun closed', '24 h')
    """
    rows = [row for row in hours() if row.crossing == crossing and row.mode == mode]
    if not rows:
        return "24 h"
    parts = []
    for row in rows:
        span = "closed" if row.opens == row.closes else f"{row.opens}-{row.closes}"
        parts.append(span if row.days == "all" else f"{row.days} {span}")
    return ", ".join(parts)
