"""Who would set out without any policy: season, drift, a surge, and noise that remembers."""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np

from borderlab.model.core.module import Draw, Module, names
from borderlab.model.core.rates import WEEKS_PER_MONTH, Number


class Intent(Module):
    """Intended arrivals without any policy, as a log change against the start.

    Season comes from the Border Patrol's months; drift is yearly; one surge peaks some years after the start; noise
    keeps the share ``mig.noise_memory`` of itself from month to month.
    """

    name = "intent"
    parameters = names(
        drift="mig.drift",
        surge="mig.surge",
        surge_year="mig.surge_year",
        surge_years="mig.surge_years",
        monthly_spread="mig.noise",
        monthly_memory="mig.noise_memory",
    )
    inputs = ("years", "log_season")
    draws = {"shock": Draw("normal", "arrivals")}
    state = {"noise": "log"}
    writes = {"log_baseline": "log"}

    @staticmethod
    def begin(monthly_spread: Number, monthly_memory: Number) -> dict[str, Any]:
        """Monthly spread and memory as weekly ones."""
        memory = monthly_memory ** (1.0 / WEEKS_PER_MONTH)
        return {"memory": memory, "spread": monthly_spread * np.sqrt(1.0 - memory**2), "noise": 0.0}

    @staticmethod
    def step(noise, memory, spread, shock, years, surge_year, surge, surge_years, log_season, drift):
        """Noise of the week, and the log change."""
        noise = memory * noise + spread * shock
        away = (years - surge_year) / surge_years
        log_baseline = log_season + drift * years + surge * exp(-(away**2)) + noise
        return {"noise": noise, "log_baseline": log_baseline}
