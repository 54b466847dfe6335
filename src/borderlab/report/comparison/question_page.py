"""Pages of a single question that was asked of a comparison: what to believe, and what moves a measure."""

from __future__ import annotations

from collections.abc import Sequence

from borderlab.explore.answers.beliefs import Belief
from borderlab.explore.answers.sensitivity import Moves
from borderlab.explore.results.comparison import Comparison
from borderlab.report.comparison.text import belief_lines, sensitivity_lines
from borderlab.report.comparison.wording import Words
from borderlab.report.page.page import Page
from borderlab.report.page.text_page import text_page


def question_page(comparison: Comparison, beliefs: Sequence[Belief], lang: str) -> Page:
    """The page of an answer to "what would one have to believe?"."""
    words = Words(comparison, lang)
    title = words.tr("{strategy}: what one would have to believe", strategy=words.names[beliefs[0].strategy])
    return text_page(title, "\n".join(belief_lines(comparison, list(beliefs), lang)), lang, comparison.hash)


def sensitivity_page(comparison: Comparison, found: Moves, lang: str) -> Page:
    """The page of what moves a measure."""
    words = Words(comparison, lang)
    title = words.tr("{measure}: what moves it most", measure=Words.capital(words.measure(found.measure)))
    return text_page(title, "\n".join(sensitivity_lines(comparison, found, lang)), lang, comparison.hash)
