"""The horizon of projections, plans and simulations: growth, months and rates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from pydantic import Field, PlainValidator

from kafkatco.core.inputs import Input
from kafkatco.errors import InputError, InvalidValueError, Problem, nearest, shown
from kafkatco.i18n.message import _
from kafkatco.planning.factors import discount_factor, inflation_factor
from kafkatco.planning.growth import Constant, Growth
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import MonthHours, hours_of_month

__all__ = ["AnnualRate", "Horizon", "Months"]

#: A share per year.
AnnualRate = Annotated[float, Field(gt=-1, lt=1000)]
#: The number of months.
Months = Annotated[int, Field(ge=1, le=1200)]


def _growth(value: Any) -> Growth | tuple[Growth, ...]:
    if isinstance(value, Growth):
        return value
    models = tuple(value) if isinstance(value, list | tuple) else ()
    if not models or not all(isinstance(model, Growth) for model in models):
        example = "Compound(annual_rate=0.2)"
        raise InvalidValueError(
            _("a growth model, such as {example}, or a list of them", example=example)
        )
    if len({model.label for model in models}) < len(models):
        raise InvalidValueError(_("growth models with distinct names"))
    return models


class Horizon(Input):
    """The horizon: growth scenarios, months, rates, and the hours of a billing month.

    Parameters
    ----------
    growth
        A growth model, or several with distinct names as scenarios; constant traffic by default.
    months
        The number of months.  [1]
    discount_rate, inflation
        Shares per year; both are 0 by default, so that costs are nominal.  A cost of month m (from
        1) is multiplied by ``(1 + inflation) ** ((m - 1) / 12)``, and divided by
        ``(1 + discount_rate) ** (m / 12)``, since it is paid at the end of the month.  [1]
    month_hours
        Hours of a billing month, or ``"calendar"``: those of each month from the book's date.  [h]

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
        """Return the horizon argument of a function; ``None`` is constant traffic for 36 months.

        Raises ``InputError`` of ``where`` for a value of another type.
        """
        if horizon is None:
            return cls()
        if not isinstance(horizon, cls):
            expected = _("a Horizon, such as {example}", example="Horizon(months=24)")
            raise InputError(where, [Problem("horizon", shown(horizon), expected)])
        return horizon

    @property
    def scenarios(self) -> tuple[Growth, ...]:
        """The growth models, as a tuple even if there is one."""
        return (self.growth,) if isinstance(self.growth, Growth) else tuple(self.growth)

    def choose(self, where: str, name: str | None = None) -> Horizon:
        """Return this horizon with one growth model: the named one, by default the first.

        Raises ``InputError`` of ``where`` for an unknown name.
        """
        models = {model.label: model for model in self.scenarios}
        if name is not None and name not in models:
            hint = nearest(str(name), models, limit=20)
            problem = Problem("growth", shown(name), _("the name of a growth model"), hint)
            raise InputError(where, [problem])
        return self.replace(growth=self.scenarios[0] if name is None else models[name])

    def only_growth(self, where: str) -> Growth:
        """Return the growth model; raise ``InputError`` of ``where`` if there are several."""
        if len(self.scenarios) > 1:
            names = ", ".join(model.label for model in self.scenarios)
            problem = Problem("horizon.growth", names, _("a single growth model"))
            raise InputError(where, [problem])
        return self.scenarios[0]

    @property
    def month(self) -> Any:
        """The months, from 1, shape ``(months,)``."""
        return np.arange(1, self.months + 1)

    @property
    def price_index(self) -> Any:
        """The price index of each month [1], shape ``(months,)``."""
        return inflation_factor(self.inflation, self.month)

    @property
    def present_value(self) -> Any:
        """The present value of 1 paid at the end of each month [1], shape ``(months,)``."""
        return discount_factor(self.discount_rate, self.month)

    def hours(self, book: PriceBook) -> Any:
        """Return the hours of each month [h] from the book's date, shape ``(months,)``."""
        first = book.as_of.year * 12 + book.as_of.month - 1
        dates = (dt.date((first + i) // 12, (first + i) % 12 + 1, 1) for i in range(self.months))
        return np.array([hours_of_month(self.month_hours, date) for date in dates])
