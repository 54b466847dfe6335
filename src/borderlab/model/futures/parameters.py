"""The parameters of a set of futures as the modules use them: fixed ones filled in, structural switches applied."""

from __future__ import annotations

import numpy as np

from borderlab.model.core.rates import Array, Number
from borderlab.model.futures.futures import Futures, model_parameters

# Values that a variant of MODEL-PRIORS section 3.4 puts in place of the drawn one.
_FRAGILE = {"xi": 0.9, "bI": 0.1}
_DURABLE = {"xi": 0.1, "bI": 0.6, "aI": 0.06}
_DOMINANT = 1.7
_FAST = 3.0
_UNWILLING = 0.05


class Settings:
    """Parameters by id: ``settings["kc"]`` is a float if fixed, else float64 [n]. Switches are already applied.

    Attributes:
        futures: where they come from.
        n: how many futures.
    """

    def __init__(self, futures: Futures) -> None:
        self.futures = futures
        self.n = futures.n
        self._values: dict[str, Number] = {
            id_: float(parameter.default)
            for id_, parameter in model_parameters().items()
            if parameter.distribution == "fixed"
        }
        self._values.update(futures.values)
        self._apply_switches()

    def __getitem__(self, id_: str) -> Number:
        return self._values[id_]

    def array(self, id_: str) -> Array:
        """The parameter as a fresh float64 [n]."""
        return np.broadcast_to(np.asarray(self._values[id_], float), (self.n,)).copy()

    def _set(self, id_: str, where: np.ndarray, value: Number) -> None:
        self._values[id_] = np.where(where, value, self._values[id_])

    def _apply_switches(self) -> None:
        chosen = self.futures.chosen
        for option, values in (("fragile", _FRAGILE), ("durable", _DURABLE)):
            for id_, value in values.items():
                self._set(id_, chosen("institutions", option), value)
        no_reputation = chosen("reputation", "off")
        self._set("R0", no_reputation, 1.0)
        self._set("aR", no_reputation, 0.0)
        calm = chosen("backlash", "none")
        self._set("gF", calm, 0.0)
        self._set("dc", calm, 0.0)
        self._values["rally"] = np.where(chosen("backlash", "rally"), self._values["rally"], 0.0)
        cx = self._values["cx"]
        sign = np.where(chosen("coercion_and_institutions", "seeds"), 1.0, 0.0)
        self._values["cx"] = cx * (sign - chosen("coercion_and_institutions", "crowds-out"))
        self._set("divert", chosen("diversification", "off"), 0.0)
        self._set("weaken", chosen("pressure_and_capacity", "off"), 0.0)
        speed = np.where(chosen("adaptation", "fast"), _FAST, np.where(chosen("adaptation", "slow"), 1 / _FAST, 1.0))
        self._values["lK"] = np.minimum(self._values["lK"] * speed, 0.95)
        self._set("psi", chosen("extortion", "off"), 0.0)
        weight = np.where(chosen("us_measures", "dominant"), _DOMINANT, 1.0) * ~chosen("us_measures", "absent")
        self._values["eU"] = self._values["eU"] * weight
        self._set("e0", chosen("capacity", "unwilling"), _UNWILLING)
        self._set("cap", ~chosen("capacity", "corruption"), 1.0)
        sign = np.where(chosen("force_and_violence", "raises"), 1.0, -1.0)
        self._values["org.violence"] = self._values["org.violence"] * np.where(
            chosen("force_and_violence", "neither"), 0.0, sign
        )
        self._set("mig.relaxed", chosen("us_policy_2029", "kept"), 0.0)
