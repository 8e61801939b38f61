"""The number of clusters of a deployment."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final

from pydantic import PlainValidator, WithJsonSchema

from kafkatco.errors import InvalidValueError
from kafkatco.i18n.message import _
from kafkatco.sizing.quantities import Meter

__all__ = ["MAX_AS_NEEDED", "ClustersField", "times"]

MAX_CLUSTERS: Final = 1000
#: The highest number of clusters that "as-needed" tries.
MAX_AS_NEEDED: Final = 10


def _clusters(value: object) -> int | str:
    if value == "as-needed":
        return "as-needed"
    if type(value) is int and 1 <= value <= MAX_CLUSTERS:
        return value
    raise InvalidValueError(
        _("a number of clusters from 1 to {most}, or 'as-needed'", most=MAX_CLUSTERS)
    )


#: 1, another number, or "as-needed"
ClustersField = Annotated[
    int | str,
    PlainValidator(_clusters),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": MAX_CLUSTERS},
                {"const": "as-needed"},
            ]
        }
    ),
]


def times(meters: tuple[Meter, ...], count: int) -> tuple[Meter, ...]:
    """Return the meters of ``count`` [1] identical clusters."""
    if count == 1:
        return meters
    return tuple(replace(meter, quantity=meter.quantity * count) for meter in meters)
