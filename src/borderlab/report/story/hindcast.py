"""The hindcast as text: facts with the share of futures that pass, and the record beside the model."""

from __future__ import annotations

from borderlab.language.translate import translator
from borderlab.model.history.episodes import episodes
from borderlab.model.history.hindcast import Hindcast, band, beside
from borderlab.model.history.history_match import Fact, facts

PERCENT = 100.0


def hindcast_title(lang: str) -> str:
    """What a page of it is called."""
    return translator("model", lang)("The model beside coded history")


def hindcast_lines(found: Hindcast, only: str | None, lang: str) -> list[str]:
    """Everything that ``borderlab hindcast`` prints; ``only`` keeps one episode."""
    tr = translator("model", lang)
    out = [
        tr(
            "The model beside coded history: {n} futures drawn (seed {seed}).",
            n=found.futures.n,
            seed=found.futures.seed,
        )
    ]
    out += ["", *_facts(found, only, lang), ""]
    for id_, episode in episodes().items():
        if only in (None, id_):
            out += [f"{id_}: {episode.name(lang)}", *_record(found, id_, lang), ""]
    if only is None:
        out += _shares(found, lang)
    out.append(tr("What Mexico did in 2019 and what Washington did apart from pressure cannot be told apart here."))
    out.append(tr("Most parameters are judged; the bands say what their ranges allow, not what is likely."))
    return out


def _facts(found: Hindcast, only: str | None, lang: str) -> list[str]:
    tr = translator("model", lang)
    rows = [fact for fact in facts() if only in (None, fact.episode)]
    if not rows:
        return [tr("No stylised fact is read from this episode.")]
    out = [tr("Facts, with the share of futures that pass")]
    for fact in rows:
        model = band(found.tested.values[fact.id])
        share = f"{PERCENT * found.tested.facts[fact.id].mean():.0f} %"
        values = " / ".join(_number(model[key], fact.unit) for key in ("p05", "median", "p95"))
        out.append(f"  {fact.name(lang)}: {share}")
        record = fact.observed_es if lang == "es" else fact.observed_en
        out.append(
            "      "
            + tr("asked {bounds}; model {values} (5 % / median / 95 %)", bounds=_bounds(fact, lang), values=values)
        )
        out.append("      " + tr("record: {record}", record=record))
    return out


def _record(found: Hindcast, id_: str, lang: str) -> list[str]:
    tr = translator("model", lang)
    out = []
    for one in beside(id_, found):
        unit = one.recorded.unit
        values = " / ".join(_number(one.plausible[key], unit) for key in ("p05", "median", "p95"))
        verdict = tr("within the band") if one.inside else tr("outside the band")
        out.append(f"  {one.recorded.name(lang)}: " + tr("record {record}", record=_number(one.recorded.value, unit)))
        out.append("      " + tr("plausible futures {values}: {verdict}", values=values, verdict=verdict))
    return out


def _shares(found: Hindcast, lang: str) -> list[str]:
    tr = translator("model", lang)
    with_, without = found.fixed_structure
    return [
        tr(
            "Accepted, all facts: {share} % of futures; {bare} % if U.S.-side measures of 2019 are left out.",
            share=f"{PERCENT * found.tested.share:.1f}",
            bare=f"{PERCENT * found.without_us_measures:.1f}",
        ),
        tr(
            "With every structural switch at its default: {share} % and {bare} %.",
            share=f"{PERCENT * with_:.1f}",
            bare=f"{PERCENT * without:.1f}",
        ),
    ]


def _bounds(fact: Fact, lang: str) -> str:
    tr = translator("model", lang)
    if fact.low is None:
        return tr("at most {high}", high=_number(fact.high or 0.0, fact.unit))
    if fact.high is None:
        return tr("at least {low}", low=_number(fact.low, fact.unit))
    return tr("{low} to {high}", low=_number(fact.low, fact.unit), high=_number(fact.high, fact.unit))


def _number(value: float, unit: str) -> str:
    if value != value:
        return "–"
    if value in (float("inf"), float("-inf")):
        return "∞"
    return f"{PERCENT * value:+.0f} %" if unit == "share" else f"{value:.2f}"
