"""The scenarios of the crossings that ship, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from borderlab.api.html import card
from borderlab.base.problems import InputError
from borderlab.crossings.scenarios.library import load_scenario, scenario_ids
from borderlab.crossings.scenarios.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


class Scenarios(Mapping[str, Scenario]):
    """Every shipped scenario; ``bl.simulate`` takes its name."""

    def __getitem__(self, name: str) -> Scenario:
        if name not in scenario_ids():
            try:
                load_scenario(name)
            except InputError as error:
                raise KeyError(str(error)) from None
            raise KeyError(name)
        return load_scenario(name)

    def __iter__(self) -> Iterator[str]:
        return iter(scenario_ids())

    def __len__(self) -> int:
        return len(scenario_ids())

    def __repr__(self) -> str:
        return f"<scenarios: {', '.join(self)}>"

    @property
    def frame(self) -> pd.DataFrame:
        """A row for each: title, gist, period, sources."""
        from borderlab.api.frames import rows

        return rows(
            [
                {
                    "id": one.id,
                    "title": one.title_en,
                    "gist": one.gist_en,
                    "first": one.first,
                    "last": one.last,
                    "sources": "; ".join(one.sources),
                }
                for one in self.values()
            ],
            "id",
        )

    def _repr_html_(self) -> str:
        return card("Scenarios", {"shipped": len(self)}, self.frame)


def scenarios_json() -> list[dict[str, Any]]:
    """What ``borderlab crossings scenarios --json`` prints."""
    return [
        {
            "id": one.id,
            "title": {"en": one.title_en, "es": one.title_es},
            "gist": {"en": one.gist_en, "es": one.gist_es},
            "from": str(one.first),
            "to": str(one.last),
            "sources": list(one.sources),
        }
        for one in scenarios.values()
    ]


scenarios = Scenarios()
