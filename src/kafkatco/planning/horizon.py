"""How far to look ahead: how traffic grows, for how long, and what later money is worth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from pydantic import Field, PlainValidator

from kafkatco.core.inputs import Input
from kafkatco.errors import InputError, Problem, nearest, shown
from kafkatco.i18n.message import _
from kafkatco.planning.factors import discount_factor, inflation_factor
from kafkatco.planning.growth import Constant, Growth
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import MonthHours, hours_of_month

__all__ = ["AnnualRate", "Horizon", "Months"]

#: A share per year.
AnnualRate = Annotated[float, Field(gt=-1, lt=1000)]
#: How many months may be looked ahead.
Months = Annotated[int, Field(ge=1, le=1200)]


def _growth(value: Any) -> Growth | tuple[Growth, ...]:
    if isinstance(value, Growth):
        return value
    models = tuple(value) if isinstance(value, list | tuple) else ()
    if not models or not all(isinstance(model, Growth) for model in models):
        raise ValueError("a growth model, such as Compound(annual_rate=0.2), or a list of them")
    if len({model.label for model in models}) < len(models):
        raise ValueError("growth models with distinct names")
    return models


class Horizon(Input):
    """How far to look ahead: growth, months, rates, and the hours of a billing month.

    Parameters
    ----------
    growth
        One growth model or several, which are scenarios with distinct names; constant traffic by
        default.
    months
        How many months.  [1]
    discount_rate, inflation
        Shares per year, 0 by default: nominal.  A cost of month m (from 1) is multiplied by
        ``(1 + inflation) ** ((m - 1) / 12)``, and discounted by
        ``(1 + discount_rate) ** (m / 12)``, as it is paid at the month's end.  [1]
    month_hours
        Hours of a billing month, or ``"calendar"``: those of each month from the book's on.  [h]

    Raises
    ------
    InputError
        With every field that is invalid.

    Examples
    --------
    >>> from kafkatco import Compound
    >>> ahead = Horizon(growth=Compound(annual_rate=0.2), months=24)
    >>> ahead.replace(months=12).months
    12
    """

    growth: Annotated[Growth | Sequence[Growth], PlainValidator(_growth)] = Constant()
    months: Months = 36
    discount_rate: AnnualRate = 0.0
    inflation: AnnualRate = 0.0
    month_hours: MonthHours = 730

    @classmethod
    def of(cls, where: str, horizon: Any) -> Horizon:
        """Return a function's horizon, by default one of constant traffic over 36 months.

        Raises ``InputError`` of ``where`` for a value of another type.
        """
        if horizon is None:
            return cls()
        if not isinstance(horizon, cls):
            problem = Problem(
                "horizon",
                shown(horizon),
                _("a Horizon, such as {example}", example="Horizon(months=24)"),
            )
            raise InputError(where, [problem])
        return horizon

    @property
    def scenarios(self) -> tuple[Growth, ...]:
        """The growth models, also of a single one."""
        return (self.growth,) if isinstance(self.growth, Growth) else tuple(self.growth)

    def choose(self, where: str, name: str | None = None) -> Horizon:
        """Return this horizon with a single growth: that of a name, by default the first.

        Raises ``InputError`` of ``where`` for an unknown name.
        """
        models = {model.label: model for model in self.scenarios}
        if name is not None and name not in models:
            hint = nearest(str(name), models, limit=20)
            problem = Problem("growth", shown(name), _("the name of a growth"), hint)
            raise InputError(where, [problem])
        return self.replace(growth=self.scenarios[0] if name is None else models[name])

    def only_growth(self, where: str) -> Growth:
        """Return the growth model; raise ``InputError`` of ``where`` if there are several."""
        if len(self.scenarios) > 1:
            given = ", ".join(model.label for model in self.scenarios)
            raise InputError(where, [Problem("horizon.growth", given, _("a single growth model"))])
        return self.scenarios[0]

    @property
    def month(self) -> Any:
        """The months, from 1, shape ``(months,)``."""
        return np.arange(1, self.months + 1)

    @property
    def price_index(self) -> Any:
        """What the prices of each month are multiplied by [1], shape ``(months,)``."""
        return inflation_factor(self.inflation, self.month)

    @property
    def present_value(self) -> Any:
        """What money paid at the end of each month is worth now [1], shape ``(months,)``."""
        return discount_factor(self.discount_rate, self.month)

    def hours(self, book: PriceBook) -> Any:
        """Return the hours of each month [h] from the book's on, shape ``(months,)``."""
        first = book.as_of.year * 12 + book.as_of.month - 1
        dates = (dt.date((first + i) // 12, (first + i) % 12 + 1, 1) for i in range(self.months))
        return np.array([hours_of_month(self.month_hours, date) for date in dates])
