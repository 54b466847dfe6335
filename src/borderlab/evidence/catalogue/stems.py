"""Words as a search compares them: small letters, no accents, cut to their stem."""

from __future__ import annotations

import re
from functools import cache

_WORD = re.compile(r"[^\W_]+(?:[.,][0-9]+)*")
# Endings of English and Spanish that do not change what a word is about, longest first.
_ENDINGS = (
    "aciones", "iciones", "amiento", "imiento", "ations", "itions", "adores", "idades", "acion", "icion", "ation",
    "ition", "ating", "iting", "ments", "ated", "ited", "idad", "ados", "adas", "idos", "idas", "ions", "ing", "ment",
    "ion", "ado", "ada", "ido", "ida", "ies", "ers", "es", "ed", "er", "s",
)  # fmt: skip
_LEAST = 4

_STOP_WORDS = """
a al an and are as at by con da de del do el en es for from has he in is it its la las lo los mas no not o of on or para
per por que se si sin su sus than that the their this to un una was were what which with y
"""
STOP = frozenset(_STOP_WORDS.split())
# Letters with accents that the tables use, so that whole texts fold in one pass.
_PLAIN = str.maketrans("áéíóúüñàèìòùâêîôûçãõäëïö", "aeiouunaeiouaeioucaoaeio", "\u0301\u0303\u0308")


def fold(text: str) -> str:
    """Small letters without accents: ``Extradición`` becomes ``extradicion``."""
    return text.casefold().translate(_PLAIN)


def stems(text: str) -> list[str]:
    """The stems of a text's words, in order, without the words that say nothing.

    >>> stems("Las extradiciones de 2019")
    ['extrad', '2019']
    """
    return [found for found in map(_stem_of, _WORD.findall(text.casefold())) if found]


@cache
def _stem_of(word: str) -> str:
    plain = word if word.isascii() else fold(word)
    return "" if plain in STOP else stem(plain)


@cache
def stem(word: str) -> str:
    """The word without its ending, at least four letters long.

    >>> stem("extraditions") == stem("extradicion") == stem("extradited")
    True
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST:
            return word[: -len(ending)]
    return word


def edits(one: str, other: str, most: int) -> int:
    """Letters to add, drop, change or swap to make one word the other; ``most + 1`` if more than ``most``.

    >>> edits("extradtion", "extradition", 2), edits("merdia", "merida", 2), edits("a", "bcd", 1)
    (1, 1, 2)
    """
    from rapidfuzz.distance import OSA

    return int(OSA.distance(one, other, score_cutoff=most))
