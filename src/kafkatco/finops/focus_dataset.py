"""Bills, and the months of a projection, as a dataset of FinOps FOCUS 1.2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from kafkatco.costing.bill import Bill, bill_of
from kafkatco.costing.discounts import credit_terms
from kafkatco.deployments.agreements import credit_used
from kafkatco.errors import InputError, Problem, shown
from kafkatco.finops.focus_charges import charged
from kafkatco.finops.focus_rows import OWN_COLUMNS, period, rows_of
from kafkatco.finops.focus_services import columns
from kafkatco.i18n.message import _, join
from kafkatco.planning.projection import grown
from kafkatco.sizing.workload import Operands

if TYPE_CHECKING:
    import pandas as pd

    from kafkatco.scenario.scenario import Scenario

__all__ = ["focus", "focus_months"]


def focus(
    bills: Bill | Iterable[Bill],
    *,
    month: str,
    people: str | None = None,
    account: str = "estimate",
) -> pd.DataFrame:
    """Return bills as FOCUS 1.2: one row for each charge of a calendar month.

    Several bills are alternatives, by ``x_Deployment``: do not add them up.  A row has a list
    price, a quantity and costs.  As in the specification, a discount lowers the costs of charges, a
    commitment has rows for the covered use and for its payment, and a credit has its own row.
    ``EffectiveCost`` and ``BilledCost`` of a deployment each sum to its bill.

    Parameters
    ----------
    bills
        Bills of any deployments.  An infeasible deployment has no rows; ``attrs["left_out"]`` has
        the reasons.  A line without a price has no row, either; ``x_NotPriced`` names its sku.
    month
        The calendar month, such as "2025-11", in UTC.  Quantities are those of the bill, whose
        month has 730 hours unless its workload has another convention.
    people
        The name of your own organisation, which becomes the provider of staff and setup.  Without
        it these have no rows, since no provider charges them.
    account
        ``BillingAccountId`` and its name, which must not be null although an estimate has none.

    Raises
    ------
    InputError
        For an invalid bill or month, or if all deployments are infeasible.

    Notes
    -----
    Sources: https://focus.finops.org/focus-specification/v1-2; its Discount Handling for
    commitments.  Columns that an estimate cannot have are null: invoice, resources, sub account,
    tags.  ``SkuId`` and ``SkuPriceId`` are this library's.

    It passes the rules of 1.2 in the FinOps Foundation's ``focus-validator`` 2.2.1, except for
    three rules that contradict their own texts; this library's tests also check allowed values, and
    price times quantity: see ``docs/exports.md``.

    Examples
    --------
    >>> import kafkatco as kt
    >>> load = kt.Workload(ingress="1 TB/month", retention="1 day")
    >>> book = kt.PriceBook("list", as_of="2025-10-31")
    >>> bills = kt.bill(load, [kt.ConfluentBasic(region="us-east-1", access="none")], book)
    >>> rows = kt.focus(bills, month="2025-11")
    >>> rows["ServiceName"].unique().tolist()
    ['Confluent Cloud for Apache Kafka']
    >>> round(float(rows["EffectiveCost"].sum() - bills[0].total), 9)
    0.0
    """
    when = period(month)
    listed: tuple[Any, ...] = tuple(bills) if isinstance(bills, Iterable) else (bills,)
    wrong = sorted({type(bill).__name__ for bill in listed if not isinstance(bill, Bill)})
    if wrong:
        problem = Problem("bills", ", ".join(wrong), _("a bill, or a list of bills"))
        raise InputError("focus", [problem])
    rows = [row for bill in listed for row in rows_of(bill, when, people=people, account=account)]
    return _frame(rows, listed)


def focus_months(
    scenario: Scenario,
    *,
    month: str,
    months: int | None = None,
    growth: str | None = None,
    people: str | None = None,
    account: str = "estimate",
) -> pd.DataFrame:
    """Return a projection as FOCUS 1.2: the charges of every month of one growth.

    The months are billing periods from ``month`` on: ``months`` of them, by default all of the
    scenario's projection.  ``growth`` names a growth of the scenario, by default the first; others
    are alternatives.  Costs are those of :func:`kafkatco.project`, with inflation and credits, but
    not discounted: with ``people``, they sum to each deployment's cost of the month.  The other
    parameters, and the errors, are those of :func:`focus`.
    """
    most = scenario.projection.months
    count = most if months is None else months
    if not 1 <= count <= most:
        expected = _("1 to {months}, the months of the scenario's projection", months=most)
        raise InputError("focus", [Problem("months", shown(count), expected)])
    horizon = scenario.horizon.choose("focus", growth).replace(months=count)
    hours, price_index = horizon.hours(scenario.book), horizon.price_index
    load = grown(scenario.workload, scenario.book, horizon.scenarios, hours)
    rows: list[Mapping[str, Any]] = []
    every: list[Bill] = []
    for deployment in scenario.deployments:
        bills = [
            bill_of(deployment, _month(load, m, count), scenario.book, scenario.catalogue)
            for m in range(count)
        ]
        terms = credit_terms(deployment, scenario.book, scenario.catalogue, hours)
        used = np.zeros(count)
        if terms is not None:
            paid = (
                np.array([0.0 if result.infeasible else charged(result) for result in bills])
                * price_index
            )
            used = credit_used(paid, terms.amount, terms.life_h, hours)
        for m, result in enumerate(bills):
            rows += rows_of(
                result,
                period(month, m),
                people=people,
                account=account,
                growth=horizon.scenarios[0].label,
                price_index=float(price_index[m]),
                credit=float(used[m]),
                one_off=m == 0,
            )
        every += bills
    return _frame(rows, every)


def _month(load: Operands, month: int, months: int) -> Operands:
    """Return the workload of one month of one growth."""
    return load.replace(
        **{
            field.name: float(np.broadcast_to(value, (1, months))[0, month])
            for field in fields(load)
            if np.ndim(value := getattr(load, field.name))
        }
    )


def _frame(rows: Sequence[Mapping[str, Any]], bills: Sequence[Bill]) -> pd.DataFrame:
    """Return rows with every column of FOCUS, in its order and types, followed by our own."""
    import pandas as pd

    left_out = {bill.name: join("; ", bill.infeasible) for bill in bills if bill.infeasible}
    if not rows:
        sentence = _("no deployment has charges")
        if left_out:
            reasons = (join("", [name, ": ", reason]) for name, reason in left_out.items())
            sentence = _("no deployment has charges: {reasons}", reasons=join("; ", reasons))
        raise InputError("focus", [Problem("deployments", "", sentence)])
    types = {bill.name: bill.type for bill in columns()} | OWN_COLUMNS
    data = {}
    for name, kind in types.items():
        values: list[Any] = [row.get(name) for row in rows]
        if kind == "Date/Time":
            data[name] = pd.Series(pd.to_datetime(values, utc=True))
        else:
            data[name] = pd.Series(values, dtype="float64" if kind == "Decimal" else "string")
    frame = pd.DataFrame(data)
    frame.attrs.update(focus_version="1.2", left_out=left_out)
    return frame
