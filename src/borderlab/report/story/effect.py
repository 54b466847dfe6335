"""The effect of an episode in words, English or Spanish."""

from __future__ import annotations

from typing import Any

from borderlab.evidence.tables.episode import Episode
from borderlab.language.translate import translator
from borderlab.observe.effects.effect import Effect, percent
from borderlab.observe.series.breaks import Break, called


def lines(effect: Effect, lang: str = "en") -> list[str]:
    """The estimate, what speaks for and against it, and the verdict."""
    tr = translator("observe", lang)
    design = effect.design
    title = design.episode.title_en if lang == "en" else design.episode.title_es
    name = effect.title_en if lang == "en" else effect.title_es
    out = [
        f"{title}: {name} ({effect.unit})",
        tr("from {start}, {n} months judged", start=f"{design.start:%Y-%m}", n=design.months),
        tr("struck: {parts}", parts=", ".join(sorted(design.treated)) or tr("the whole border")),
    ]
    note = design.note_en if lang == "en" else design.note_es
    if note:
        out.append(tr("note: {note}", note=note))
    if not design.stated:
        out.append(tr("note: no design is on record for this pair; the plain default is used"))
    if effect.place:
        out.append(tr("read from one publication: {name}", name=called(effect.place, lang)))
    if effect.raw:
        before, after = effect.raw
        change = f"{(after / before - 1) * 100:+.0f}".replace("-", "−") if before else "–"
        text = "as published: {before} in the month before, {after} in the last month judged ({d} %)"
        out.append(tr(text, before=f"{before:,.0f}", after=f"{after:,.0f}", d=change))
    out += ["", *_interrupted_lines(effect, tr), *_synthetic_lines(effect, tr, lang), *_control_lines(effect, tr, lang)]
    out += ["", tr("what speaks for and against")]
    out += [f"  - {_said(reason, tr, lang)}" for reason in effect.reasons]
    out += ["", tr("verdict: {verdict}", verdict=tr(effect.verdict)), f"hash {effect.hash}"]
    return out


def _interrupted_lines(effect: Effect, tr: Any) -> list[str]:
    found = effect.interrupted
    if found is None:
        return [tr("interrupted time series: not possible")]
    out = [
        tr(
            "interrupted time series: {d} % against its own path (placebos: {p} of {n} as large)",
            d=_signed(found.effect),
            p=f"{found.p_value:.0%}",
            n=len(found.placebos),
        )
    ]
    for when, path, actual, gap in zip(found.months, found.path, found.actual, found.gaps, strict=True):
        out.append(
            "  " + tr("{month}: {actual}, path {path} ({d} %)", month=f"{when:%Y-%m}", actual=f"{actual:,.0f}",
                      path=f"{path:,.0f}", d=_signed(gap))
        )  # fmt: skip
    late = list(zip(found.pre_months, found.pre, strict=True))[-6:]
    shown = ", ".join(f"{when:%Y-%m} {_signed(gap)}" for when, gap in late)
    out.append("  " + tr("before the start, in % of the path: {gaps}", gaps=shown))
    return out


def _synthetic_lines(effect: Effect, tr: Any, lang: str) -> list[str]:
    made = effect.synthetic
    if made is None:
        why = effect.why_no_synthetic
        return [tr("synthetic control: not possible, {why}", why=_said(why, tr, lang) if why else "")]
    weights = ", ".join(f"{part} {weight:.0%}" for part, weight in made.weights.items())
    late = list(zip(made.pre_months, made.pre, strict=True))[-6:]
    shown = ", ".join(f"{when:%Y-%m} {_signed(gap)}" for when, gap in late)
    low, high = made.leave_one_out
    return [
        tr(
            "synthetic control: {d} % (leaving one control out: {low} to {high} %; rank {p} of {n} placebos)",
            d=_signed(made.effect),
            low=_signed(low),
            high=_signed(high),
            p=f"{made.p_value:.0%}",
            n=len(made.placebos),
        ),
        "  " + tr("made of {weights}; misses the months before by {fit}", weights=weights, fit=f"{made.fit:.1%}"),
        "  " + tr("before the start, in % of the path: {gaps}", gaps=shown),
    ]


def _control_lines(effect: Effect, tr: Any, lang: str) -> list[str]:
    if not effect.controls:
        return []
    out = [tr("the same estimate where nothing was threatened")]
    for design, found in effect.controls:
        title = design.episode.title_en if lang == "en" else design.episode.title_es
        out.append(f"  {design.start:%Y-%m} {title}: {_signed(found.effect)} %")
    return out


def _said(reason: tuple[str, dict[str, Any]], tr: Any, lang: str) -> str:
    text, numbers = reason
    filled = {}
    for name, value in numbers.items():
        if isinstance(value, Episode):
            value = value.title_en if lang == "en" else value.title_es
        elif isinstance(value, Break):
            value = value.what_en if lang == "en" else value.what_es
        elif isinstance(value, tuple):
            value = _said(value, tr, lang)
        filled[name] = value
    return tr(text, **filled) if filled else tr(text)


def _signed(effect: float) -> str:
    return f"{percent(float(effect)):+.1f}".replace("-", "−")
