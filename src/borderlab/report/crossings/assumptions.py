"""What every simulation of the crossings assumes, and the figures that stand behind it."""

from __future__ import annotations

from borderlab.crossings.outcomes.outcome import Outcome
from borderlab.evidence.tables.parameter import parameters
from borderlab.evidence.tables.source import sources
from borderlab.report.crossings.phrases import Words, unit_words
from borderlab.report.page.blocks import Blocks, Column


def general(outcome: Outcome, lang: str, tr: Words) -> list[str]:
    """Sentences on what the model takes for granted."""
    said = [
        tr(
            "The ordinary border is fitted on monthly counts and on four months of posted waits of 2026. Posted waits "
            "are themselves uncertain by 15 to 30 minutes, and the longest waits are maxima, not means."
        ),
        tr(
            "Drivers see the posted wait every 15 minutes and compare it with what they are used to; the more it lies "
            "above that, the more of them go elsewhere or put the trip off. How many is fitted on April 2019 and April "
            "2022 alone."
        ),
    ]
    if outcome.scenario.restrictions and (outcome.first, outcome.last) != (
        outcome.scenario.first,
        outcome.scenario.last,
    ):
        said.append(
            tr("Whole calendar months are simulated, so that the change can be set beside published monthly counts.")
        )
    if any(restriction.kind == "close" for restriction in outcome.scenario.restrictions):
        said.append(
            tr("A closed crossing takes nobody in: who comes goes elsewhere or puts the trip off; its line stands.")
        )
    if any(restriction.kind == "add-stage" for restriction in outcome.scenario.restrictions):
        said.append(
            tr(
                "Behind an added inspection only some vehicles have room to stand; when it is full, the booths before "
                "it stop."
            )
        )
    return said


def judged_table(blocks: Blocks, lang: str, tr: Words) -> list[str]:
    """Put the register's figures of the crossings into a table and give their sources."""
    rows, used = [], []
    for name, one in sorted(parameters().items()):
        if not name.startswith("crossings."):
            continue
        spread = "–" if one.low is None or one.high is None else f"{one.low:g} … {one.high:g}"
        rows.append(
            [
                one.meaning_es if lang == "es" else one.meaning_en,
                f"{one.default:g}" if isinstance(one.default, float) else str(one.default),
                spread,
                unit_words(one.unit, tr),
                tr(one.grade),
                "; ".join(sources()[source].publisher for source in one.sources if source in sources()),
            ]
        )
        used += [source for source in one.sources if source in sources()]
    blocks.table(
        [
            tr("Figure"),
            Column(tr("Value"), "right"),
            Column(tr("Range"), "right"),
            tr("Unit"),
            tr("Grade"),
            tr("Source"),
        ],
        rows,
    )
    return used
