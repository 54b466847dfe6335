"""Presidents of Mexico: each new one brings an effort of his or her own."""

from __future__ import annotations

from typing import Any

from borderlab.model.core.module import Draw, Module, names
from borderlab.model.core.rates import Number


class Leaders(Module):
    """Own effort of the president of Mexico in office.

    A new president's is drawn from the parameter's range, keyed by future and year of taking office, so that it does
    not depend on what any strategy did before. Under the variant "unwilling" of ``capacity`` it stays as it is.
    """

    name = "leaders"
    parameters = names(own_today="e0", own_low="e0@low", own_high="e0@high", unwilling="capacity:unwilling")
    inputs = ("president_mx",)
    draws = {"rank": Draw("uniform", "president", step="president_mx")}
    state = {"own": "effort"}

    @staticmethod
    def begin(own_today: Number) -> dict[str, Any]:
        """The president of today."""
        return {"own": own_today}

    @staticmethod
    def step(own, own_low, own_high, unwilling, president_mx, rank):
        """``president_mx`` is the year in a week in which one takes office, else 0."""
        if president_mx > 0.0 and unwilling == 0.0:
            own = own_low + (own_high - own_low) * rank
        return {"own": own}
