"""A growth model fitted to a history of traffic."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import _
from kafkatco.numerics.typing import Floats
from kafkatco.planning.growth.estimate import Estimate, Method, estimate
from kafkatco.planning.growth.history import History, read_history
from kafkatco.planning.growth.models import Growth

__all__ = ["Fitted"]

#: A field that is written as a file name and holds the history in that file.
Traffic = Annotated[
    History | str,
    PlainValidator(read_history),
    PlainSerializer(lambda history: history.source, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "description": "a CSV file with the columns month and ingress",
            "examples": ["traffic.csv"],
        }
    ),
]


class Fitted(Growth):
    """Traffic continues its history: see :func:`kafkatco.fit_growth` for the methods.

    The first month has the workload's own traffic, which stands for the last month of the history,
    and growth counts from there.  ``file`` is a CSV with the columns month and ingress; a path is
    relative to the scenario file.  Projections, plans and pages use :meth:`path`, the median;
    :meth:`paths` returns random paths and needs the extra ``kafkatco[uncertainty]``.  Every path
    stays within a factor of a million of its first month.

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
        """The growth estimated from the history."""
        return estimate(read_history(self.file), self.method)

    def path(self, first_mib_s: Floats, month_hours: Floats) -> Floats:
        """Return the median path: first x e^(rate x months)."""
        growth: Floats = first_mib_s * self.estimate.growth(np.arange(month_hours.size))
        return growth

    def dimensions(self, months: int) -> int:
        """Return the number of random numbers of a path: one for each parameter and later month."""
        return self.estimate.dimensions(months)

    def paths(self, uniform: Floats, first_mib_s: Floats, month_hours: Floats) -> Floats:
        """Return random paths: spread, mean growth and the noise of each month are random."""
        shape = (len(uniform), self.dimensions(month_hours.size))
        if uniform.shape != shape:
            problem = Problem(
                "uniform", _("shape {shape}", shape=uniform.shape), _("shape {shape}", shape=shape)
            )
            raise InputError(self.title, [problem])
        return first_mib_s * self.estimate.draw(uniform, month_hours.size)
