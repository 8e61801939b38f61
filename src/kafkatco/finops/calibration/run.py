"""Reconcile a model with a real bill: its lines, the inputs that explain it, and the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kafkatco.costing.bill import Bill, bill_of
from kafkatco.costing.comparison import Comparison, operands_of
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.finops.calibration.diagnostics import (
    calibrated_workload,
    infeasible_notes,
    pin_instances,
    transfer_notes,
    whole_unit_notes,
)
from kafkatco.finops.calibration.estimate import Estimate, Held, fit_inputs
from kafkatco.finops.calibration.inputs import ESTIMATED, INPUTS, Model, billed_candidate
from kafkatco.finops.calibration.reconcile import (
    Amounts,
    Key,
    Unknown,
    billed_lines,
    modelled_lines,
)
from kafkatco.finops.calibration.result import Calibration, Compared
from kafkatco.finops.calibration.statement import Statement, read_statement
from kafkatco.i18n.message import _
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Workload

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Calibration", "Compared", "Estimate", "Held", "Unknown", "calibrate"]


def calibrate(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    bills: str | Path | pd.DataFrame | Iterable[str | Path | pd.DataFrame],
    *,
    month: str | None = None,
    net: bool = False,
    estimate: Sequence[str] = ESTIMATED,
) -> Calibration:
    """Reconcile a month's bill with the model, and find the inputs that explain it.

    Parameters
    ----------
    workload, deployments, book
        The assumed workload; the deployments on the bill, which run it together (they are not
        alternatives); and the prices.
    bills
        Files, or DataFrames, that together are the month's bill: FinOps FOCUS 1.0 to 1.2, AWS's
        Cost and Usage Report, Azure's cost details, Google's billing export, and Confluent's costs,
        as CSV (also ``.csv.gz``), Parquet or JSON.
    month
        The calendar month, such as "2025-11", if the bill has several.  It must be complete.
    net
        Whether costs are compared after discounts, commitments and credits; by default before.
    estimate
        The inputs to estimate; of several with the same effect, only the first is estimated.  By
        default "ingress", "fanout", "disk_headroom", "follower_fetch" and "compression_ratio"; also
        "retention", "producer_affinity" and "internet_egress".  If empty, bill and model are only
        compared.

    Returns
    -------
    Calibration
        Its lines and unknown charges are the whole bill; nothing is dropped.  A month has its own
        hours, whatever the workload's convention.  If a deployment uses the cheapest instance and
        the bill has another one, the calibrated deployment has the billed one.

    Raises
    ------
    InputError
        For an unknown format, unreadable rows, several months, missing days, a currency without a
        rate, and unknown names.
    KafkatcoError
        If Parquet or an estimate needs a package that is not installed.

    Notes
    -----
    Least squares within bounds (``scipy.optimize.least_squares``), through the ordinary formulas;
    the residual of each line is a share of its billed quantity.  AWS meters a byte that crosses
    zones twice, where it leaves and where it arrives: both rows count.

    Examples
    --------
    >>> import kafkatco as kt
    >>> book = kt.PriceBook("list", as_of="2025-10-31")
    >>> ours = kt.ConfluentStandard(region="us-east-1", units=2)
    >>> actual = kt.Workload(ingress="4 MiB/s", fanout=5, retention="1 day")
    >>> estimated = kt.bill(actual, [ours], book, month_hours=720)
    >>> rows = kt.focus(estimated, month="2025-11")  # in practice: "focus.parquet"
    >>> guess = kt.Workload(ingress="1 MiB/s", fanout=1, retention="1 day")
    >>> calibration = kt.calibrate(guess, [ours], book, rows)
    >>> [(estimate.name, round(estimate.now, 6)) for estimate in calibration.estimates]
    [('ingress', 4.0), ('fanout', 5.0)]
    >>> round(calibration.left_over, 6) + 0.0
    0.0
    >>> horizon = kt.Horizon(months=12)
    >>> plan = kt.project(calibration.workload, calibration.deployments, book, horizon=horizon)
    """
    comparison = Comparison.of("calibrate", workload, deployments, book)
    names = _checked(estimate)
    statement = read_statement(bills, month=month)
    catalogue = book.catalogue()
    load = operands_of(workload, book, statement.hours)
    model = Model(load, comparison.deployments, book, catalogue)
    modelled = modelled_lines(_bills(model))
    inside = model.inside(names)
    possible = modelled_lines(_bills(inside)) | modelled
    skus = {key.sku for key in possible} | {
        meter.sku
        for deployment in inside.deployments
        for candidate in deployment.choices(inside.load, catalogue)
        for meter in candidate.meters
        if not meter.is_zero
    }
    billed, unknown = billed_lines(statement, possible, skus, book)
    quantities = {key: side.quantity for key, side in billed.items() if side.quantity is not None}
    pinned, notes = pin_instances(model, quantities)
    fit = fit_inputs(pinned, quantities, names)
    values = fit.by_name
    calibrated = pinned.at(values)
    recalculated = modelled_lines(_bills(calibrated))
    keys = dict.fromkeys((*modelled, *recalculated, *billed))
    which = "net" if net else "gross"
    return Calibration(
        month=statement.month,
        month_hours=statement.hours,
        costs=which,
        currency=book.currency,
        lines=tuple(
            _compared(
                key,
                modelled.get(key),
                billed.get(key),
                recalculated.get(key),
                which,
                key in fit.lines,
            )
            for key in keys
        ),
        unknown=unknown,
        estimates=fit.estimates,
        held=fit.held,
        workload=calibrated_workload(workload, values),
        deployments=calibrated.deployments,
        notes=(
            *notes,
            *_notes(statement, model),
            *whole_unit_notes(recalculated, quantities, fit.lines, statement.hours),
        ),
        prices=book.describe(),
    )


def _checked(estimate: Any) -> tuple[str, ...]:
    """Return the inputs to estimate; raise ``InputError`` with every invalid name."""
    problems = []
    if not isinstance(estimate, Iterable):
        expected = _("a list of names of inputs, which may be empty")
        problems.append(Problem("estimate", repr(estimate), expected))
        raise InputError("calibrate", problems)
    names = []
    for name in [estimate] if isinstance(estimate, str) else estimate:
        if not isinstance(name, str) or name not in INPUTS:
            expected = _("an input that a bill can identify")
            hint = nearest(str(name), INPUTS, limit=20)
            problems.append(Problem("estimate", repr(name), expected, hint))
        else:
            names.append(name)
    problems += [
        Problem("estimate", "", _("{name!r} appears more than once", name=name))
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if problems:
        raise InputError("calibrate", problems)
    return tuple(names)


def _bills(model: Model) -> Iterator[Bill]:
    """Yield the bills, also of infeasible deployments, since they were billed."""
    for deployment in model.deployments:
        result = bill_of(deployment, model.load, model.book, model.catalogue)
        if result.infeasible:
            candidate = billed_candidate(deployment, model)
            result = replace(result, lines=candidate.lines, one_off=candidate.one_off)
        yield result


def _compared(
    key: Key,
    modelled: Amounts | None,
    billed: Amounts | None,
    calibrated: Amounts | None,
    which: str,
    fitted: bool,
) -> Compared:
    component, unit = next(
        (side.component, side.unit) for side in (modelled, calibrated, billed) if side is not None
    )
    return Compared(
        component=component,
        sku=key.sku,
        region=key.region,
        unit=unit,
        modelled_quantity=None if modelled is None else modelled.quantity,
        billed_quantity=None if billed is None else billed.quantity,
        calibrated_quantity=None if calibrated is None else calibrated.quantity,
        modelled_cost=None if modelled is None else getattr(modelled, which),
        billed_cost=None if billed is None else getattr(billed, which),
        calibrated_cost=None if calibrated is None else getattr(calibrated, which),
        gross=None if billed is None else billed.gross,
        net=None if billed is None else billed.net,
        fitted=fitted,
    )


def _notes(statement: Statement, model: Model) -> Iterator[str]:
    """Yield notes on a comparison."""
    day = model.book.as_of
    if day.strftime("%Y-%m") != statement.month:
        yield _(
            "the bill is for {month}, but the prices are as of {date}",
            month=statement.month,
            date=day.isoformat(),
        )
    yield from infeasible_notes(model)
    yield from transfer_notes(statement)
