"""The growth model that is fitted to a history of traffic."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from kafkatco.errors import InputError, Problem
from kafkatco.numerics.typing import Floats
from kafkatco.planning.growth.estimate import Estimate, Method, estimate
from kafkatco.planning.growth.history import History, read_history
from kafkatco.planning.growth.models import Growth

__all__ = ["Fitted"]

#: A field that is written as a file's name and holds the history that is in it.
Traffic = Annotated[
    History | str,
    PlainValidator(read_history),
    PlainSerializer(lambda history: history.source, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "description": "a CSV file of months and traffic",
            "examples": ["traffic.csv"],
        }
    ),
]


class Fitted(Growth):
    """Traffic grows as a history of it did: see :func:`kafkatco.fit_growth` for the methods.

    The first month is the workload's own traffic, whatever the history's was: it stands for the
    history's last month, and growth counts from there.  ``file`` is a CSV of months and traffic,
    in a scenario file beside it.  :meth:`path` is the median, and what projections, plans and pages
    follow; :meth:`paths` are draws, which need the extra ``kafkatco[uncertainty]``.  No path leaves
    a million times the first month, up or down.

    >>> import pandas as pd
    >>> months = [f"2025-{month:02d}" for month in range(1, 8)]
    >>> doubling = pd.DataFrame({"month": months, "ingress [MB/s]": [2**i for i in range(7)]})
    >>> Fitted(file=doubling).path(np.full(3, 5.0), np.full(3, 730.0))
    array([ 5., 10., 20.])
    """

    kind: Literal["history"] = "history"
    file: Traffic
    method: Method = "walk"

    @property
    def estimate(self) -> Estimate:
        """What the history says of growth."""
        return estimate(read_history(self.file), self.method)

    def path(self, first_mib_s: Floats, month_hours: Floats) -> Floats:
        """Return first x e^(rate x months): the median."""
        growth: Floats = first_mib_s * self.estimate.growth(np.arange(month_hours.size))
        return growth

    def dimensions(self, months: int) -> int:
        """Return how many random numbers one draw takes: one for each parameter and later month."""
        return self.estimate.dimensions(months)

    def paths(self, uniform: Floats, first_mib_s: Floats, month_hours: Floats) -> Floats:
        """Return drawn paths: the spread, the mean growth and each month's chance are drawn."""
        taken = (len(uniform), self.dimensions(month_hours.size))
        if uniform.shape != taken:
            problem = Problem("uniform", f"shape {uniform.shape}", f"shape {taken}")
            raise InputError(f"growth {self.label!r}", [problem])
        return first_mib_s * self.estimate.draw(uniform, month_hours.size)
