"""Every word that a reader sees, in English and Spanish: gettext catalogues, one per room.

The English text is the key. Catalogues are ``locale/es/<room>.po`` beside this file; :func:`missing_words` tells
which entries have no translation, and a test fails on any.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "es")
_LOCALE = Path(__file__).parent / "locale"


@cache
def _catalogue(room: str, lang: str) -> dict[str, str]:
    import polib

    path = _LOCALE / lang / f"{room}.po"
    if not path.exists():
        return {}
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)) if entry.msgstr and not entry.obsolete}


def translator(room: str, lang: str) -> Callable[..., str]:
    """A function that gives a text of ``room`` in ``lang`` ("en" or "es") and fills its ``{names}``.

    A text with no translation is an error in any language but English: a half-Spanish page is a defect.

    >>> translator("base", "es")("yes")
    'sí'

    Raises:
        KeyError: the catalogue of the room has no such text.
    """
    if lang not in LANGUAGES:
        raise KeyError(f"no language '{lang}'; there are {', '.join(LANGUAGES)}")

    def tr(text: str, **names: object) -> str:
        if lang == "en":
            found = text
        else:
            catalogue = _catalogue(room, lang)
            found = catalogue.get(text) or _catalogue("base", lang).get(text, "")
            if not found:
                raise KeyError(f"{room}.po has no {lang} text for: {text!r}")
        return found.format(**names) if names else found

    return tr


def missing_words() -> list[str]:
    """Entries of any catalogue that are empty or fuzzy: ``"es/room: text"``."""
    import polib

    out = []
    for path in sorted(_LOCALE.glob("*/*.po")):
        for entry in polib.pofile(str(path)):
            if not entry.obsolete and (not entry.msgstr or entry.fuzzy):
                out.append(f"{path.parent.name}/{path.stem}: {entry.msgid}")
    return out
