"""Vega on a page: the script, the settings that all charts share, specifications made whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from borderlab.base.places import cache_home
from borderlab.base.problems import InputError
from borderlab.base.safefile import whole_file
from borderlab.language.dates import MONTHS
from borderlab.report.page import style

_END = "\n// whole\n"


@cache
def vega_bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, from the installed vl-convert; 0.9 MB.

    Bundling takes two seconds, so the script is kept in the user's cache, one for each version of vl-convert.
    """
    from importlib.metadata import version

    kept = cache_home() / f"vega-{version('vl-convert-python')}.js"
    try:
        text = kept.read_text(encoding="utf-8")
        if text.endswith(_END):
            return text
    except OSError:
        pass
    import vl_convert

    text = str(vl_convert.javascript_bundle()).replace("</script", "<\\/script") + _END  # type: ignore[call-arg]
    try:
        with whole_file(kept) as part:
            part.write_text(text, encoding="utf-8")
    except InputError:
        pass  # a cache that cannot be written costs two seconds and nothing else
    return text


def whole_spec(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A Vega-Lite specification with its schema, as wide as the page where it says no width."""
    whole = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", **spec}
    composed = any(key in whole for key in ("facet", "repeat", "concat", "hconcat", "vconcat"))
    if "width" not in whole and not composed:
        whole["width"] = "container"
    whole.setdefault("autosize", {"type": "fit-x" if not composed else "pad", "contains": "padding"})
    return whole


def json_text(value: Any) -> str:
    """JSON that can stand inside a script element."""
    return (
        json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        .replace("<", "\\u003c")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def chart_settings(lang: str, failed: str) -> dict[str, Any]:
    """What every chart of a page shares: colours and fonts, and how numbers and dates are written."""
    days = {
        "en": ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
        "es": ["domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"],
    }[lang]
    return {
        "config": style.vega_config(),
        "failed": failed,
        "formatLocale": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["$", ""]},
        "timeFormatLocale": {
            "dateTime": "%A %e %B %Y, %H:%M",
            "date": "%d/%m/%Y",
            "time": "%H:%M",
            "periods": ["AM", "PM"],
            "days": days,
            "shortDays": [day[:3] for day in days],
            "months": MONTHS[lang][0],
            "shortMonths": MONTHS[lang][1],
        },
    }
