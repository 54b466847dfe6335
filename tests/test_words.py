"""Every translation is there."""

import pytest

from borderlab.language.translate import missing_words, translator


def test_no_catalogue_entry_is_empty():
    assert missing_words() == []


def test_missing_text_is_an_error_not_english():
    with pytest.raises(KeyError):
        translator("base", "es")("a text that nobody translated")
