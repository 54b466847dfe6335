"""What happened to an official series around an episode, and whether the episode can be said to have done it."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import Any

from borderlab.base.identity import bundle_hash
from borderlab.evidence.tables.episode import Episode, episodes
from borderlab.observe.effects.design import Design, control_episodes, design_for
from borderlab.observe.effects.interrupted import Interrupted, from_index, interrupted, month_index
from borderlab.observe.effects.segment import Segment, Torn, choose, publications
from borderlab.observe.effects.synthetic import POOR_FIT, Synthetic, synthetic
from borderlab.observe.series.breaks import Break
from borderlab.observe.series.indicator import officials
from borderlab.observe.series.series import definition
from borderlab.observe.series.shipped import month
from borderlab.observe.store.store import Store

Reason = tuple[str, dict[str, Any]]
CLEAR = 0.10  # share of placebos as large, up to which a change counts as clear
FEWEST = 9  # placebos without which no such share can be told
DRIFT = 0.5  # share of the effect that may have been there before


@dataclass(frozen=True)
class Effect:
    """An estimate with everything that speaks for and against it.

    Attributes:
        change: ``fell``, ``rose`` or ``no clear change``.
        cause: ``the episode`` or ``cannot tell``.
        reasons: sentences (English keys of the catalogue, with their numbers).
        controls: (design, estimate) of what the series did when nothing was threatened.
        raw: the value of the month before the start and of the last month judged, as published.
        place: the one publication that the estimate was made from.
        breaks: changes of what is counted that lie in the months asked for, or cut the months before.
    """

    design: Design
    indicator: str
    title_en: str
    title_es: str
    unit: str
    source: str
    vintages: tuple[str, ...]
    interrupted: Interrupted | None
    synthetic: Synthetic | None
    why_no_synthetic: Reason | None
    controls: tuple[tuple[Design, Interrupted], ...]
    change: str
    cause: str
    reasons: tuple[Reason, ...]
    hash: str
    raw: tuple[float, float] | None = None
    place: str | None = None
    breaks: tuple[Break, ...] = ()

    @property
    def blurred(self) -> bool:
        """Whether the start itself is too unsettled to say even that nothing changed."""
        found = self.interrupted
        return found is None or abs(found.pre_drift) > DRIFT * abs(found.effect)

    @property
    def verdict(self) -> str:
        """One of: ``fell``, ``rose``, ``no clear change``, ``fell, cause cannot be told``, …"""
        if self.change == "no clear change":
            return "cannot tell" if self.blurred else self.change
        return self.change if self.cause == "the episode" else f"{self.change}, cause cannot be told"

    def json_ready(self) -> dict[str, Any]:
        """For ``effect --json``; changes in percent."""
        return {
            "episode": self.design.episode.id,
            "indicator": self.indicator,
            "series": self.design.series,
            "unit": self.unit,
            "source": self.source,
            "vintages": list(self.vintages),
            "start": f"{self.design.start:%Y-%m}",
            "months": self.design.months,
            "treated": sorted(self.design.treated) or "all",
            "excluded": sorted(self.design.excluded),
            "design_stated": self.design.stated,
            "interrupted": _interrupted_json(self.interrupted),
            "synthetic": _synthetic_json(self.synthetic),
            "why_no_synthetic": _said(self.why_no_synthetic) if self.why_no_synthetic else None,
            "controls": [
                {
                    "episode": design.episode.id,
                    "start": f"{design.start:%Y-%m}",
                    "change_percent": percent(found.effect),
                }
                for design, found in self.controls
            ],
            "publication": self.place,
            "breaks": [one.json_ready() for one in self.breaks],
            "before_and_after": list(self.raw) if self.raw else None,
            "change": self.change,
            "cause": self.cause,
            "verdict": self.verdict,
            "reasons": [_said(reason) for reason in self.reasons],
            "hash": self.hash,
        }


def _said(reason: Reason) -> str:
    """A reason in English."""
    text, numbers = reason
    return text.format(**{name: _plain(value) for name, value in numbers.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, Episode):
        return value.title_en
    if isinstance(value, Break):
        return value.what_en
    return _said(value) if isinstance(value, tuple) else value


def percent(effect: float) -> float:
    """A difference of logarithms as a change in percent.

    >>> percent(0.0)
    0.0
    """
    return round((exp(effect) - 1) * 100, 2)


def estimate(
    episode_id: str, indicator_id: str, *, parts: frozenset[str] = frozenset(), store: Store | None = None
) -> Effect:
    """Estimate the effect of an episode on an indicator or series.

    ``parts`` takes the place of the struck parts of the table (``{"2305"}``: Hidalgo alone); the other struck parts
    are then left out of the controls.

    Raises:
        InputError: no such episode or indicator, no series, or a part that it does not have.
    """
    series_id = officials()[indicator_id].series if indicator_id in officials() else indicator_id
    row = definition(series_id)
    base = design_for(episode_id, series_id)
    wholly = officials().get(indicator_id)
    looked_at = parts or (frozenset([wholly.part]) if wholly and wholly.part else frozenset())
    # Parts of a border that was struck as a whole have no untreated neighbours, whoever names them.
    alone = bool(base.treated) or (bool(parts) and not base.stated)
    treated, excluded = (
        (looked_at, base.excluded | base.treated - looked_at) if looked_at else (base.treated, base.excluded)
    )
    design = Design(**{**vars(base), "treated": treated, "excluded": excluded})
    read = publications(series_id, store)
    _check_parts(row.by, treated, {part: 0 for one in read for part in one.panel})
    chosen = choose(series_id, read, treated, design.start, design.months)
    segment = chosen if isinstance(chosen, Segment) else None
    values = segment.values if segment else {}
    found = interrupted(values, design.start, design.months)
    made: Synthetic | Reason
    if segment is None:
        made = "no single publication counts the same thing over these months", {}
    elif treated and alone:
        made = synthetic(segment.panel, treated, excluded, design.start, design.months)
    else:
        made = "the whole border was struck at once, so that nothing was left to compare with", {}
    control = made if isinstance(made, Synthetic) else None
    others = []
    for other in control_episodes(series_id):
        if other.episode.id != episode_id:
            part = choose(series_id, read, frozenset(), other.start, other.months)
            line = interrupted(part.values, other.start, other.months) if isinstance(part, Segment) else None
            if line:
                others.append((other, line))
    why = None if isinstance(made, Synthetic) else made
    change, cause, reasons = _judge(design, found, control, why, tuple(others))
    torn = chosen if isinstance(chosen, Torn) else None
    if torn:
        reasons = (torn.reason, *reasons) if found or control else (torn.reason,)
    elif segment and segment.cut:
        reasons = (*reasons, segment.reason)
    used = segment.points if segment else tuple(point for one in read for point in one.points)
    return Effect(
        design,
        indicator_id,
        row.title_en,
        row.title_es,
        row.unit,
        ";".join(sorted({part for point in used for part in point.source.split(";")})),
        tuple(sorted({point.vintage for point in used})),
        found,
        control,
        why,
        tuple(others),
        change,
        cause,
        reasons,
        bundle_hash(
            {
                "effect": [episode_id, indicator_id, sorted(treated)],
                "values": [[f"{when}", value] for when, value in sorted(values.items())],
                "parts": _ready(segment.panel) if segment else {},
            }
        ),
        _raw(values, design),
        segment.place if segment else None,
        torn.breaks if torn else segment.breaks if segment else (),
    )


def _ready(panel: dict[str, dict[Any, float]]) -> dict[str, list[list[Any]]]:
    """A panel for the hash, in one order."""
    return {part: [[f"{when}", value] for when, value in sorted(panel[part].items())] for part in sorted(panel)}


def _raw(values: dict[Any, float], design: Design) -> tuple[float, float] | None:
    at = month_index(design.start)
    before, after = values.get(from_index(at - 1)), values.get(from_index(at + design.months - 1))
    return None if before is None or after is None else (before, after)


def _check_parts(by: str | None, treated: frozenset[str], panel: dict[str, Any]) -> None:
    from borderlab.base.problems import InputError, Problem, nearest

    for part in sorted(treated - set(panel)):
        raise InputError(
            Problem(
                f"the series has no {by or 'part'} '{part}'.",
                did_you_mean=nearest(part, panel),
                cure=f"It has: {', '.join(sorted(panel))}." if panel else "It has no parts.",
            )
        )


def _judge(
    design: Design,
    found: Interrupted | None,
    control: Synthetic | None,
    without: Reason | None,
    others: tuple[tuple[Design, Interrupted], ...],
) -> tuple[str, str, tuple[Reason, ...]]:
    """Change, cause and the reasons, from rules that were fixed before any estimate was seen."""
    reasons: list[Reason] = []
    if found is None and control is None:
        reasons.append(("The series is too short or has gaps around the start.", {}))
        return "no clear change", "cannot tell", tuple(reasons)
    clear = found is not None and len(found.placebos) >= FEWEST and found.p_value <= CLEAR
    effect = found.effect if found else 0.0
    doubts = 0
    if found is not None:
        share = {"p": f"{found.p_value:.0%}", "n": len(found.placebos)}
        if len(found.placebos) < FEWEST:
            reasons.append(("Only {n} earlier months can serve as placebos: too few.", share))
        elif clear:
            reasons.append(("Only {p} of {n} earlier months show a change as large.", share))
        else:
            reasons.append(("{p} of {n} earlier months show a change as large.", share))
        if abs(found.pre_drift) > DRIFT * abs(effect):
            doubts += 1
            reasons.append(
                ("The series was off its path before the start: {d} %.", {"d": f"{percent(found.pre_drift):+.0f}"})
            )
    if control is not None:
        good, doubt = _control_reasons(control, reasons)
        doubts += doubt
        clear = good if control.fit <= POOR_FIT and len(control.placebos) >= FEWEST else clear
        effect = control.effect if control.fit <= POOR_FIT else effect
        if found is not None and found.effect * control.effect < 0:
            doubts += 1
            reasons.append(("The two methods disagree on the direction.", {}))
    else:
        doubts += 1
        reasons.append(("No synthetic control: {why}.", {"why": without}))
    for other, line in others:
        if effect * line.effect > 0 and abs(line.effect) >= DRIFT * abs(effect):
            doubts += 1
            text = "A change of the same kind came without any threat: {title} ({d} %)."
            reasons.append((text, {"title": other.episode, "d": f"{percent(line.effect):+.0f}"}))
    meanwhile = overlapping(design) if control is None else []  # untreated parts feel what the whole border feels
    if meanwhile:
        doubts += 1
        reasons.append(("Something else began in the same months: {title}.", {"title": meanwhile[0]}))
    if design.episode.kind == "control":
        doubts += 1
        reasons.append(("This is a control: nothing was threatened or imposed.", {}))
    if not clear:
        return "no clear change", "cannot tell", tuple(reasons)
    return ("fell" if effect < 0 else "rose"), ("cannot tell" if doubts else "the episode"), tuple(reasons)


def overlapping(design: Design) -> list[Episode]:
    """Other episodes that began within the months judged or the two before."""
    first = from_index(month_index(design.start) - 2)
    last = from_index(month_index(design.start) + design.months - 1)
    own = design.episode
    return [
        other
        for other in episodes().values()
        if other.id != own.id and len(other.start) >= 7 and first <= month(other.start) <= last
    ]


def _control_reasons(control: Synthetic, reasons: list[Reason]) -> tuple[bool, int]:
    """Whether the synthetic control shows a clear change, and how many doubts it adds."""
    numbers = {"p": f"{control.p_value:.0%}", "n": len(control.placebos), "fit": f"{control.fit:.0%}"}
    doubts = 0
    if control.fit > POOR_FIT:
        doubts += 1
        reasons.append(("The synthetic control misses the months before by {fit}: too much to trust.", numbers))
    if len(control.placebos) < FEWEST:
        doubts += 1
        reasons.append(("Only {n} controls: a placebo test cannot be sharp.", numbers))
    low, high = control.leave_one_out
    if low * high < 0:
        doubts += 1
        reasons.append(("Leaving one control out turns the sign.", {}))
    reasons.append(("Among {n} controls treated as if struck, the rank of the struck parts is {p}.", numbers))
    return control.p_value <= CLEAR, doubts


def _interrupted_json(found: Interrupted | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "change_percent": percent(found.effect),
        "months": [
            {
                "period": f"{when:%Y-%m}",
                "path": round(path, 1),
                "actual": round(actual, 1),
                "change_percent": percent(gap),
            }
            for when, path, actual, gap in zip(found.months, found.path, found.actual, found.gaps, strict=True)
        ],
        "pre_trend": [
            {"period": f"{when:%Y-%m}", "gap_percent": percent(gap)}
            for when, gap in list(zip(found.pre_months, found.pre, strict=True))[-24:]
        ],
        "pre_drift_percent": percent(found.pre_drift),
        "placebos": len(found.placebos),
        "placebo_p": round(found.p_value, 4),
    }


def _synthetic_json(made: Synthetic | None) -> dict[str, Any] | None:
    if made is None:
        return None
    return {
        "change_percent": percent(made.effect),
        "months": [
            {"period": f"{when:%Y-%m}", "change_percent": percent(gap)}
            for when, gap in zip(made.months, made.gaps, strict=True)
        ],
        "pre_trend": [
            {"period": f"{when:%Y-%m}", "gap_percent": percent(gap)}
            for when, gap in list(zip(made.pre_months, made.pre, strict=True))[-24:]
        ],
        "weights": {part: round(weight, 4) for part, weight in made.weights.items()},
        "fit_percent": round(made.fit * 100, 2),
        "placebo_p": round(made.p_value, 4),
        "placebos": {part: percent(effect) for part, effect in made.placebos.items()},
        "leave_one_out_percent": [percent(made.leave_one_out[0]), percent(made.leave_one_out[1])],
    }
