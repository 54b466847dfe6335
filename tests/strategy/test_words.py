"""Plain words of the shipped strategies: sentences that a reader outside the house would accept."""

from __future__ import annotations

import re

import pytest

from borderlab.strategy.file.library import shipped
from borderlab.strategy.file.parse import load_strategy
from borderlab.strategy.tree.plain_words import plain_words


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", shipped())
def test_sentences_read_as_sentences(name: str, lang: str) -> None:
    strategy = load_strategy(name)
    text = " ".join(plain_words(strategy, lang))
    assert not re.search(r"(every|cada) 1 ", text)
    assert not re.search(r"(announced|anunciado|real|efectivo) (up by|down by|con un|con una)", text)
    for place in strategy.position_of:
        assert f"[{place.source}" in text
