"""Changes of parameters that a user asks for: another value, a narrower range, an option of a switch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.tables.parameter import Parameter
from borderlab.language.number import NumberError, read_number, split_number
from borderlab.language.units import QuantityError, parse_quantity

_WITHIN_ONE = frozenset({"share", "share/month", "share/event", "rank", "effort", "level"})
_PURE = {"1": ("1", "ratio", "times", "x", "×", "veces")}
_SEPARATOR = ".."


@dataclass(frozen=True)
class Assumption:
    """One parameter as a user sets it, in place of what the register says.

    Attributes:
        id: of the register.
        unit: of value, low and high; ``switch`` for an option.
        value: the one value; low, high: the range that futures draw from; option: of a switch. What is not given is
            None.
    """

    id: str
    unit: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    option: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values, as results hold them: value (or option) and unit, or low, high and unit."""
        if self.option is not None:
            return {"value": self.option, "unit": self.unit}
        if self.value is not None:
            return {"value": self.value, "unit": self.unit}
        return {"low": self.low, "high": self.high, "unit": self.unit}

    def words(self) -> str:
        """As it would be written again, but for the name."""
        if self.option is not None:
            return self.option
        if self.value is not None:
            return f"{self.value:g} {self.unit}"
        return f"{self.low:g}{_SEPARATOR}{self.high:g} {self.unit}"


def read_assumptions(
    texts: Iterable[str], register: Mapping[str, Parameter], what: str = "--set"
) -> tuple[Assumption, ...]:
    """Read ``NAME=VALUE`` texts: a value with its unit, ``LOW..HIGH`` with a unit, or an option of a switch.

    Args:
        register: parameters that may be changed, by id.
        what: where the texts stand, for messages.

    Raises:
        InputError: every fault of every text.
    """
    problems: list[Problem] = []
    found: dict[str, Assumption] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals or not name:
            problems.append(
                Problem(f"{what} '{text}' is not NAME=VALUE.", cure="Write for example: kc='0.01 GDP-month'.")
            )
            continue
        try:
            change = read_assumption(name, value.strip(), register)
        except InputError as error:
            problems += [Problem(f"{what} {one.cause}", cure=one.cure, did_you_mean=one.did_you_mean)
                         for one in error.problems]  # fmt: skip
            continue
        if name in found and found[name] != change:
            problems.append(Problem(f"{what} gives '{name}' twice, as {found[name].words()} and {change.words()}."))
        found[name] = change
    if problems:
        raise InputError(problems)
    return tuple(found.values())


def read_assumption(name: str, text: str, register: Mapping[str, Parameter]) -> Assumption:
    """One change.

    Raises:
        InputError: no such parameter or option, no unit, a unit of another kind, or a value that cannot be.
    """
    row = register.get(name)
    if row is None:
        raise InputError(Problem(f"no parameter is called '{name}'.", did_you_mean=nearest(name, register)))
    if row.distribution == "choice":
        if text not in row.options():
            cure = f"It takes {', '.join(row.options())}."
            raise InputError(Problem(f"switch '{name}' has no option '{text}'.", cure=cure,
                                     did_you_mean=nearest(text, row.options())))  # fmt: skip
        return Assumption(name, "switch", option=text)
    low, dots, high = text.partition(_SEPARATOR)
    if not dots:
        return Assumption(name, row.unit, _within(_number(text, row), row))
    ends = _number(f"{low.strip()} {_unit_text(high)}", row), _number(high.strip(), row)
    if not ends[0] < ends[1]:
        raise InputError(Problem(f"'{name}': the range {text} runs from high to low.", cure="Write LOW..HIGH UNIT."))
    return Assumption(name, row.unit, low=_within(ends[0], row), high=_within(ends[1], row))


def assumption_of(name: str, plain: Mapping[str, Any], register: Mapping[str, Parameter]) -> Assumption:
    """The change that :meth:`Assumption.as_json` wrote, checked again.

    Raises:
        InputError: it cannot be.
    """
    row = register.get(name)
    if row is None or plain.get("unit") != ("switch" if row.distribution == "choice" else row.unit):
        raise InputError(Problem(f"'{name}' is no parameter of this version in '{plain.get('unit')}'."))
    if row.distribution == "choice":
        return read_assumption(name, str(plain.get("value")), register)
    if "value" in plain:
        return Assumption(name, row.unit, _within(float(plain["value"]), row))
    return Assumption(name, row.unit, low=_within(float(plain["low"]), row), high=_within(float(plain["high"]), row))


def _unit_text(text: str) -> str:
    found = split_number(text.strip())
    return found[1] if found else ""


def _number(text: str, row: Parameter) -> float:
    """A number with its unit, in the unit of the register."""
    found = split_number(text)
    example = f"{row.id}='{row.default:g} {row.unit if row.unit != '1' else 'times'}'"
    if found is None:
        raise InputError(Problem(f"'{row.id}': '{text}' is no number with a unit.", cure=f"Write {example}."))
    number, words = found
    if not words:
        raise InputError(Problem(f"'{row.id}': '{text}' has no unit.", cure=f"Write {example}."))
    if words.strip() in (row.unit, *_PURE.get(row.unit, ())):
        try:
            return read_number(number)
        except NumberError as error:
            raise InputError(Problem(f"'{row.id}': '{text}' {error}.", cure=f"Write {example}.")) from None
    try:
        return parse_quantity(text, row.unit)
    except QuantityError as error:
        near = error.did_you_mean
        raise InputError(Problem(f"'{row.id}': {error}.", cure=f"Write {example}.", did_you_mean=near)) from None
    except Exception:  # a unit of the register that no quantity is converted to, like "log per unit"
        raise InputError(
            Problem(f"'{row.id}': '{words}' is not its unit, which is {row.unit}.", cure=f"Write {example}.")
        ) from None


def _within(value: float, row: Parameter) -> float:
    """The value, refused where the equations could not take it."""
    least = row.low if row.low is not None else float(row.default)
    most = row.high if row.high is not None else float(row.default)
    if row.unit in _WITHIN_ONE and least >= 0.0 and most <= 1.0 and not 0.0 <= value <= 1.0:
        raise InputError(Problem(f"'{row.id}' is {value:g} {row.unit}; it lies between 0 and 1."))
    if least > 0.0 and value <= 0.0:
        raise InputError(Problem(f"'{row.id}' is {value:g} {row.unit}; it is more than 0."))
    return value
