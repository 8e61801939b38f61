"""Short forms of distributions: "12-20 %/year", "2-3-5", or a record of a scenario file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from kafkatco.errors import InputError, Problem, nearest, shown
from kafkatco.i18n.message import _
from kafkatco.uncertainty.distributions import DISTRIBUTIONS, Distribution, Fixed, Pert, Uniform

__all__ = ["InputsSchema", "read_distribution"]

_NUMBER: Final = r"(\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][+-]?\d+)?)"
_TO: Final = r"\s*(?:-|\u2013|\u2014|\.\.|\bto\b)\s*"
_RANGE: Final = re.compile(rf"\s*{_NUMBER}(?:{_TO}{_NUMBER})?(?:{_TO}{_NUMBER})?\s*(.*?)\s*")
_PERCENT: Final = re.compile(r"%(\s*/\s*(year|yr|y))?")
_EXPECTED: Final = _(
    "a number, a range such as '12-20 %/year' or '2-3-5', or a record such as {record}",
    record='{distribution = "normal", mean = 3, sd = 0.5}',
)


def read_distribution(value: object) -> Distribution:
    """Return the distribution of a number, of a range with its unit, or of a record.

    Two numbers are the ends of a :class:`Uniform`; three are the ends and the mode of a
    :class:`Pert`.  Percentages are shares.  Raises ``ValueError`` for another type, and
    ``InputError`` for invalid parameters.

    >>> read_distribution("12-20 %/year").high
    0.2
    >>> read_distribution("8-10-14 TB/month").mode
    '10 TB/month'
    """
    if isinstance(value, Distribution):
        return value
    if isinstance(value, Mapping):
        return _read_record({str(key): field for key, field in value.items()})
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Fixed(value=float(value))
    if not isinstance(value, str):
        raise ValueError(_EXPECTED)
    match = _RANGE.fullmatch(value)
    if match is None:
        return Fixed(value=value)
    *numbers, unit = match.groups()
    points = [_with_unit(number, unit) for number in numbers if number is not None]
    if len(points) == 1:
        return Fixed(value=points[0] if isinstance(points[0], float) else value)
    if len(points) == 2:
        return Uniform(low=points[0], high=points[1])
    return Pert(low=points[0], mode=points[1], high=points[2])


def _with_unit(number: str, unit: str) -> float | str:
    plain = float(number.replace(",", ""))
    if not unit:
        return plain
    return plain / 100.0 if _PERCENT.fullmatch(unit) else f"{number} {unit}"


def _read_record(record: dict[str, Any]) -> Distribution:
    name = record.get("distribution")
    names = ", ".join(DISTRIBUTIONS)
    if name is None:
        problem = Problem("distribution", "", _("required field: one of {values}", values=names))
        raise InputError("distribution", [problem])
    if not isinstance(name, str) or name not in DISTRIBUTIONS:
        hint = nearest(str(name), DISTRIBUTIONS, limit=0)
        problem = Problem("distribution", shown(name), _("one of {values}", values=names), hint)
        raise InputError("distribution", [problem])
    fields: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in record.items()
    }
    return DISTRIBUTIONS[name](**fields)


class InputsSchema:
    """The JSON Schema of inputs: a number, a text, or a record of a distribution."""

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        records = [handler(kind.__pydantic_core_schema__) for kind in DISTRIBUTIONS.values()]
        schema = {
            "anyOf": [
                {"type": "number"},
                {"type": "string", "examples": ["12-20 %/year", "8-10-14 TB/month"]},
                *({"allOf": [record], "required": ["distribution"]} for record in records),
            ]
        }
        return {"type": "object", "additionalProperties": schema}
