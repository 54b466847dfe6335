"""Outputs of a simulation that parameters of the border reach: keys of ``borderlab crossings simulate --json``.

Their units and how they add up stand in :data:`borderlab.crossings.outcomes.outcome.MEASURES`.
"""

from __future__ import annotations

WAITS = ("mean_wait_min", "p95_wait_min", "max_wait_min", "longest_queue")
CHOICES = ("diverted_away", "diverted_in", "put_off", "came_back", "detour_hours")
"""Who goes elsewhere or another time."""
TRADE = ("us_imports_crossed_usd", "us_imports_delayed_usd", "us_imports_put_off_usd", "us_exports_linked_usd")
"""Of trucks alone."""
PEOPLE = ("served", *CHOICES, *WAITS, "delay_hours", "user_cost_usd")
"""What anything that changes a line of cars or people on foot reaches: lines, choices and what they cost."""
TRUCKS = (*PEOPLE, *TRADE)
"""The same of trucks."""
BEHIND = ("delay_hours", "user_cost_usd")
"""What anything after the primary line reaches: nobody leaves it, and it holds up nobody in front of it."""
TRUCKS_BEHIND = (*BEHIND, "us_imports_delayed_usd")
"""The same of trucks."""
STAGE = TRUCKS
"""An added inspection may hold any mode; what it does to cars is among what it does to trucks."""
