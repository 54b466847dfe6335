"""Vega on a page: the script, the settings that all charts share, specifications made whole."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from borderlab.base.inputfile import read_text
from borderlab.base.places import cache_home
from borderlab.base.problems import InputError
from borderlab.base.safefile import whole_file
from borderlab.language.dates import MONTHS
from borderlab.report.page import style

_END = "\n// whole, sha256 "
_MOST_BUNDLE = 20_000_000


@cache
def vega_bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, from the installed vl-convert; 0.9 MB.

    Bundling takes two seconds, so the script is kept in the user's cache, one for each version of vl-convert.
    """
    from importlib.metadata import version

    kept = cache_home() / f"vega-{version('vl-convert-python')}.js"
    with contextlib.suppress(InputError):
        text, mark, digest = read_text(kept, most=_MOST_BUNDLE).rpartition(_END)
        if mark and hashlib.sha256(text.encode()).hexdigest() == digest.strip():
            return text
    import vl_convert

    text = str(vl_convert.javascript_bundle()).replace("</script", "<\\/script")  # type: ignore[call-arg]
    digest = hashlib.sha256(text.encode()).hexdigest()
    with contextlib.suppress(InputError), whole_file(kept) as part:  # not kept costs two seconds and nothing else
        part.write_text(f"{text}{_END}{digest}\n", encoding="utf-8")
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
