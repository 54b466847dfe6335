"""A strategy beside the status quo over plausible futures: medians, bands, firings, and what the result rests on."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from borderlab.base.identity import Identity
from borderlab.evidence.tables.assumption import Assumption
from borderlab.evidence.tables.indicator import indicators
from borderlab.evidence.tables.parameter import Parameter
from borderlab.language.amounts import weeks_words
from borderlab.language.dates import date as day_words
from borderlab.language.translate import translator
from borderlab.model.border.patterns import form, patterns_of
from borderlab.model.futures.futures import drawn_parameters
from borderlab.model.history.hindcast import band
from borderlab.model.run.run import Run
from borderlab.report.story.wording import plain, scaled
from borderlab.strategy.tree.tree import Strategy

MARKER = "run.json"
FEW_FUTURES = 50
"""Fewer plausible futures than this and the page says that its bands rest on few."""
HEADLINES = (
    "encounters",
    "gotaways",
    "effectiveness_rate",
    "mx.people_waiting",
    "mx.effort_migration_announced",
    "mx.effort_migration",
    "mx.effort_security_announced",
    "mx.effort_security",
    "mx.forces_at_north_border",
    "mx.extraditions",
    "institution_level",
    "programmes_alive",
    "backlash",
    "drugs.fentanyl_entering",
    "drugs.seizures_vs_5y_ports",
    "us.overdose_deaths",
    "arms.southbound",
    "mx.homicides",
    "mx.extortion_index",
    "waits.truck",
    "trade.lost",
    "trade.cost_us",
    "trade.cost_mx",
    "us.cost_gdp",
    "mx.cost_gdp",
    "travellers.hours_lost",
    "budget.us",
    "budget.mx",
)


@dataclass(frozen=True)
class Summary:
    """The result of ``borderlab run``.

    Attributes:
        strategy: what was run.
        drawn: how many futures were drawn, of which ``seed``. kept: how many of them are plausible.
        result, baseline: over the plausible ones alone, in the same order and with the same random numbers.
        units: of the measures.
        identity: what made the result.
        assumptions: what the user changed of the register, for all runs and then in the strategy alone.
        changed: what else is the user's own (modules, distributions, tables), in words.
    """

    strategy: Strategy
    drawn: int
    seed: int
    kept: int
    result: Run
    baseline: Run
    units: Mapping[str, str]
    identity: Identity
    assumptions: tuple[Assumption, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """Of the identity."""
        return self.identity.hash

    @property
    def plausible_share(self) -> float:
        """Share of the futures drawn that reproduce coded history."""
        return self.kept / self.drawn

    def contract(self) -> dict[str, Any]:
        """What ``run --json`` prints."""
        measures = {
            id_: {
                "unit": self.units[id_],
                **{key: band(self.result.measures[id_])[key] for key in ("median", "p05", "p95")},
                "baseline_median": band(self.baseline.measures[id_])["median"],
            }
            for id_ in self.result.measures
        }
        return {
            "hash": self.hash,
            "identity": self.identity.as_json(),
            "set": {one.id: one.as_json() for one in self.assumptions},
            "futures": self.drawn,
            "plausible_share": self.plausible_share,
            "measures": measures,
            "firings": self.result.firings.summary() if self.result.firings is not None else [],
            "notes": self.basis("en"),
            "judged": [row.id for row in judged()],
        }

    def write_into(self, part: Path) -> None:
        """Write the result into an open folder: the JSON, the measures as CSV, notes, the strategy's files."""
        text = json.dumps(self.contract(), indent=1, ensure_ascii=False)
        (part / MARKER).write_text(text + "\n", encoding="utf-8")
        with (part / "measures.csv").open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle, lineterminator="\n").writerows(self._rows())
        notes = [*self.basis("en"), "", "Judged inputs:", *(f"  {row.id}: {row.meaning_en}" for row in judged())]
        (part / "notes.txt").write_text("\n".join(notes) + "\n", encoding="utf-8")
        for name, source in self.strategy.texts.items():
            (part / Path(name).name).write_text(source, encoding="utf-8")

    def _rows(self) -> list[list[Any]]:
        rows = indicators()
        head = ["id", "name_en", "name_es", "unit", "direction", "aggregation", "median", "p05", "p95"]
        table: list[list[Any]] = [[*head, "baseline_median", "baseline_p05", "baseline_p95", "median_difference"]]
        for id_ in (one for one in self.result.measures if one in rows):
            row, mine, base = rows[id_], self.result.measures[id_], self.baseline.measures[id_]
            bands = [band(values)[key] for values in (mine, base) for key in ("median", "p05", "p95")]
            words = [row.name_en, row.name_es, row.unit, row.direction, row.aggregation]
            table.append([id_, *words, *bands, band(mine - base)["median"]])
        return table

    def lines(self, lang: str, *, every: bool = False) -> list[str]:
        """The result as text: measures beside the status quo, rules that fired, and what it rests on."""
        tr = translator("model", lang)
        title = self.strategy.title.get(lang) or self.strategy.id
        out = [title, tr("{years} years from {day}", years=_plain(self.result.years), day=self._day(lang)), ""]
        out += [
            tr("Median and 5–95 % band over {kept} plausible futures; status quo in the same futures.", kept=self.kept),
            "",
        ]
        rows = indicators()
        head = (tr("Measure"), tr("status quo"), tr("this strategy"), tr("5–95 %"))
        table = [head]
        for id_ in [one for one in self.result.measures if one in rows] if every else HEADLINES:
            mine, base = band(self.result.measures[id_]), band(self.baseline.measures[id_])
            scale, unit = scaled(max(abs(mine["p95"]), abs(mine["p05"]), abs(base["median"])), rows[id_].unit, lang)
            figures = [plain(value / scale) for value in (base["median"], mine["median"], mine["p05"], mine["p95"])]
            table.append((f"{rows[id_].name(lang)}, {unit}", figures[0], figures[1], f"{figures[2]} – {figures[3]}"))
        out += _columns(table)
        out += ["", *self.rule_lines(lang), "", *self.basis(lang)]
        return out

    def _crossings(self, lang: str) -> list[str]:
        """What stands behind the restrictions at crossings, if the strategy has any."""
        tr = translator("model", lang)
        used = [form(kind, at) for kind, at in patterns_of(self.strategy)]
        if not used:
            return []
        coarse = sum(one.basis == "approximate" for one in used)
        out = []
        if coarse < len(used):
            error = f"{100 * max(one.error for one in used):.1f}"
            text = tr(
                "Crossings: surfaces fitted to the exact simulator; on weeks that the fit had not seen they are off by "
                "{error} % of the largest effect at most (root mean square).",
                error=error,
            )
            out.append(text)
        if coarse:
            text = tr(
                "Crossings: {coarse} of {n} patterns of restrictions have no fitted surface yet; a coarse closed form, "
                "judged, stands in (--fit-surfaces makes them).",
                coarse=coarse,
                n=len(used),
            )
            out.append(text)
        return out

    def _day(self, lang: str) -> str:
        return day_words(self.result.start, lang)

    def rule_lines(self, lang: str) -> list[str]:
        """What the rules did, a line each under a heading; or one line that there are none."""
        tr = translator("model", lang)
        log = self.result.firings.summary() if self.result.firings is not None else []
        if not log:
            return [tr("The strategy has no rules: its levers hold throughout.")]
        out = [tr("Rules")]
        for row in log:
            if row["share_of_futures"] == 0:
                out.append("  " + tr("{rule}: never fired", rule=row["rule"]))
                continue
            first = day_words(date.fromisoformat(row["median_first_date"]), lang)
            out.append(
                "  "
                + tr(
                    "{rule}: fired in {share} % of futures, first about {first}, {weeks} in force (medians)",
                    rule=row["rule"],
                    share=round(100 * row["share_of_futures"]),
                    first=first,
                    weeks=weeks_words(round(row["median_weeks_in_force"]), lang),
                )
            )
        return out

    def basis(self, lang: str) -> list[str]:
        """Over which futures, how many are plausible, which inputs are judged; and that it is no forecast."""
        tr = translator("model", lang)
        return [
            tr(
                "Futures: {n} drawn (seed {seed}); {share} % are plausible, that is, reproduce eight facts of "
                "2019 and 2022. Only these count.",
                n=self.drawn,
                seed=self.seed,
                share=f"{100 * self.plausible_share:.1f}",
            ),
            *self._changed(lang),
            *self._few(lang),
            tr(
                "The status quo is not a standstill: intended arrivals swing and drift, efforts fade and deaths and "
                "homicides follow their trends, all by judged or estimated rates (mig.drift, org.deaths_trend, "
                "org.homicide_trend)."
            ),
            tr(
                "Inputs: {judged} of {total} uncertain inputs are judged, not measured; among them how Mexico "
                "responds to pressure, how much U.S.-side measures weigh, and the effect of every lever that "
                "nobody has measured (see: borderlab why).",
                judged=len(judged()),
                total=len(drawn_parameters()),
            ),
            *self._crossings(lang),
            tr("This is not a forecast: it says what follows from these assumptions, and how far they leave it open."),
            tr("Hash: {hash}", hash=self.hash),
        ]

    def _changed(self, lang: str) -> list[str]:
        every = [*(f"{one.id} = {one.words()}" for one in self.assumptions), *self.changed]
        if not every:
            return []
        said = "; ".join(every)
        return [translator("model", lang)("You changed: {said}. All else is as the register has it.", said=said)]

    def _few(self, lang: str) -> list[str]:
        if self.kept >= FEW_FUTURES:
            return []
        text = "Only {kept} futures are left: medians and bands rest on few. Draw more with --futures."
        return [translator("model", lang)(text, kept=self.kept)]


def judged() -> list[Parameter]:
    """The uncertain inputs that nobody has measured or estimated."""
    return [row for row in drawn_parameters().values() if row.grade == "judged"]


def _plain(value: float) -> str:
    return f"{value:g}"


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return lines
