"""A distribution in few words: "12-20 %/year", "2-3-5", or a record of a scenario file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from kafkatco.errors import InputError, Problem, nearest
from kafkatco.uncertainty.distributions import DISTRIBUTIONS, Distribution, Fixed, Pert, Uniform

__all__ = ["InputsSchema", "read_distribution"]

_NUMBER: Final = r"(\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][+-]?\d+)?)"
_TO: Final = r"\s*(?:-|\u2013|\u2014|\.\.|\bto\b)\s*"
_RANGE: Final = re.compile(rf"\s*{_NUMBER}(?:{_TO}{_NUMBER})?(?:{_TO}{_NUMBER})?\s*(.*?)\s*")
_PERCENT: Final = re.compile(r"%(\s*/\s*(year|yr|y))?")
_EXPECTED: Final = (
    "a number, a range such as '12-20 %/year' or '2-3-5', or a record such as "
    '{distribution = "normal", mean = 3, sd = 0.5}'
)


def read_distribution(given: object) -> Distribution:
    """Return a distribution: of a number, of a range with its unit, or of a record.

    Two numbers are the ends of a :class:`Uniform`, three those of a :class:`Pert` and what is
    likeliest; percent are shares.  Raises ``ValueError``, or ``InputError`` for what is impossible.

    >>> read_distribution("12-20 %/year").high
    0.2
    >>> read_distribution("8-10-14 TB/month").mode
    '10 TB/month'
    """
    if isinstance(given, Distribution):
        return given
    if isinstance(given, Mapping):
        return _of_record({str(key): value for key, value in given.items()})
    if isinstance(given, int | float) and not isinstance(given, bool):
        return Fixed(value=float(given))
    if not isinstance(given, str):
        raise ValueError(_EXPECTED)
    match = _RANGE.fullmatch(given)
    if match is None:
        return Fixed(value=given)
    *numbers, unit = match.groups()
    each = [_with_unit(number, unit) for number in numbers if number is not None]
    if len(each) == 1:
        return Fixed(value=each[0] if isinstance(each[0], float) else given)
    if len(each) == 2:
        return Uniform(low=each[0], high=each[1])
    return Pert(low=each[0], mode=each[1], high=each[2])


def _with_unit(number: str, unit: str) -> float | str:
    plain = float(number.replace(",", ""))
    if not unit:
        return plain
    return plain / 100.0 if _PERCENT.fullmatch(unit) else f"{number} {unit}"


def _of_record(record: dict[str, Any]) -> Distribution:
    name = record.get("distribution")
    if not isinstance(name, str) or name not in DISTRIBUTIONS:
        hint = nearest(str(name), DISTRIBUTIONS, limit=20)
        given = "nothing" if name is None else repr(name)
        expected = f"one of {', '.join(DISTRIBUTIONS)}"
        raise InputError("distribution", [Problem("distribution", given, expected, hint)])
    found: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in record.items()
    }
    return DISTRIBUTIONS[name](**found)


class InputsSchema:
    """The JSON Schema of inputs: a number, a text, or a record of one kind of distribution."""

    def __get_pydantic_json_schema__(
        self, _: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        records = [handler(kind.__pydantic_core_schema__) for kind in DISTRIBUTIONS.values()]
        item = {
            "anyOf": [
                {"type": "number"},
                {"type": "string", "examples": ["12-20 %/year", "8-10-14 TB/month"]},
                *({"allOf": [record], "required": ["distribution"]} for record in records),
            ]
        }
        return {"type": "object", "additionalProperties": item}
