"""The commented file that a new strategy begins from."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from borderlab.base.inputfile import kind_of
from borderlab.base.problems import InputError, Problem
from borderlab.base.safefile import whole_file

_TEXT = """\
# A strategy of borderlab. Check it with:  borderlab strategies check {file}
# Levers:      borderlab levers             Indicators: borderlab indicators
# The language: docs/strategy-files.md      For editors: borderlab strategies schema
schema: borderlab/strategy/1
id: {id}
title: {{en: My strategy, es: Mi estrategia}}
gist:
  en: One sentence on what it is for.
  es: Una frase sobre su propósito.
# position_of: {{source: wayne-2020, place: '¶ 19'}}   # whose position it is, if it is someone's

# A base strategy to build on: its settings, rules and programmes hold unless this file replaces them by the same
# lever or rule id, or drops a rule by name.
# base: status-quo
# drop: [a-rule-of-the-base]

# Settings without condition. Dates and phase-in are optional; 'at' takes crossings, ports, regions or sectors.
levers:
  - {{lever: us.fast_share_added, value: 5 points, from: 2027-06-01, over: 26 weeks}}

# Programmes founded, strengthened or let lapse on a date (forms: informal, declaration, agreement, statute, treaty).
# programmes:
#   - found: my-working-group
#     form: declaration
#     title: {{en: My working group, es: Mi grupo de trabajo}}
#     on: 2027-09-01

rules:
  - id: slow-freight
    title: {{en: Slow freight until forces arrive, es: Frenar la carga hasta que lleguen fuerzas}}
    # when: what must be seen. Other forms: above, rises / falls with over, after / before a date, leader_change,
    # rule and state, all, any, not.
    when: {{indicator: mx.forces_at_north_border, below: 12000 people, for: 4 weeks}}
    # threaten: announced so long before it is done; leave it out to act at once.
    threaten: {{for: 2 weeks, public: yes}}
    do:
      - {{lever: us.freight_inspection_share, at: [world-trade, pharr], to: 50 %, over: 1 week}}
    # until: what ends it ('until: never' if nothing does).
    until: {{indicator: mx.forces_at_north_border, above: 15000 people, for: 2 weeks}}
    # lift: 'at once' (as when left out), 'over 4 weeks', or by steps as a reward.
    lift: in steps of 25 % per 1000 people
    at_least: 1 week
    at_most: 4 weeks
    then_rest: 26 weeks
    at_most_times: 3
"""


def starting_text(file: str | Path) -> str:
    """The text of a new strategy file; its id is made from the file's name."""
    words = re.findall(r"[a-z0-9]+", Path(file).stem.lower())
    shown = shlex.quote(Path(file).name) if Path(file).name.isprintable() else "FILE"
    return _TEXT.format(file=shown, id="-".join(words) or "my-strategy")


def write_starting_file(file: str | Path) -> Path:
    """Write a new, commented strategy file that checks ok.

    Raises:
        InputError: the file is there already, or cannot be written.
    """
    path = Path(file)
    if kind_of(path) != "nothing" or path.is_symlink():
        raise InputError(Problem("the file is there already.", str(path), cure="Choose another name."))
    with whole_file(path) as part:
        part.write_text(starting_text(path), encoding="utf-8")
    return path
