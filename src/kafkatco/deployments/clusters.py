"""Over how many clusters a workload is spread."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final

from pydantic import PlainValidator, WithJsonSchema

from kafkatco.sizing.quantities import Meter

__all__ = ["MOST_AS_NEEDED", "ClustersField", "times"]

MOST_CLUSTERS: Final = 1000
#: So many clusters are tried where the number is left open.
MOST_AS_NEEDED: Final = 10


def _clusters(given: object) -> int | str:
    if given == "as-needed":
        return "as-needed"
    if type(given) is int and 1 <= given <= MOST_CLUSTERS:
        return given
    raise ValueError(f"1 to {MOST_CLUSTERS} clusters, or 'as-needed'")


#: 1, another number, or "as-needed"
ClustersField = Annotated[
    int | str,
    PlainValidator(_clusters),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": MOST_CLUSTERS},
                {"const": "as-needed"},
            ]
        }
    ),
]


def times(meters: tuple[Meter, ...], count: int) -> tuple[Meter, ...]:
    """Return what ``count`` [1] of the same use."""
    if count == 1:
        return meters
    return tuple(replace(meter, quantity=meter.quantity * count) for meter in meters)
