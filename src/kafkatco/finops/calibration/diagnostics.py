"""What else a bill shows: which instance runs, how many whole units, transfer both ways."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Final

from kafkatco.costing.bill import bill_of
from kafkatco.deployments import Deployment
from kafkatco.finops.calibration.inputs import INPUTS, Model
from kafkatco.finops.calibration.reconcile import Amounts, Key
from kafkatco.finops.calibration.statement import Statement
from kafkatco.sizing.workload import Workload

__all__ = [
    "calibrated_workload",
    "infeasible_notes",
    "pin_instances",
    "transfer_notes",
    "whole_unit_notes",
]

#: Transfer in and out that differ by more are not both sides of the same bytes.  [1]
BOTH_SIDES: Final = 0.01
#: Whole units that differ by more do not run for the same hours.  [1]
WHOLE: Final = 0.01


def calibrated_workload(workload: Workload, values: Mapping[str, float]) -> Workload:
    """Return a workload with some inputs at other values, in base units.

    >>> load = Workload(ingress="1 MiB/s", fanout=3)
    >>> calibrated_workload(load, {"ingress": 2.5, "disk_headroom": 0.4}).ingress
    '2.5 MiB/s'
    """
    texts = {"ingress": "MiB/s", "retention": "h"}
    changes = {
        name: f"{value!r} {texts[name]}" if name in texts else value
        for name, value in values.items()
        if INPUTS[name].operand
    }
    return workload.replace(**changes)


def pin_instances(model: Model, billed: Mapping[Key, float]) -> tuple[Model, tuple[str, ...]]:
    """Return the model with the billed instance wherever it may choose, and notes about it.

    Where the bill has none or several of the candidates, the model's choice for the workload as
    given stays, so that an estimate does not switch between them.
    """
    deployments: list[Deployment] = []
    notes: list[str] = []
    for deployment in model.deployments:
        if getattr(deployment, "instance", None) != "cheapest":
            deployments.append(deployment)
            continue
        skus_of = {
            candidate.label: {
                meter.sku
                for meter in candidate.meters
                if meter.component == "compute" and not meter.is_zero
            }
            for candidate in deployment.choices(model.load, model.catalogue)
        }
        billed_skus = {
            key.sku for key, amount in billed.items() if key.region == deployment.region and amount
        }
        matches = {
            label: len(skus) for label, skus in skus_of.items() if skus and skus <= billed_skus
        }
        # of one that is another's controller as well, the other
        fits = [label for label, count in matches.items() if count == max(matches.values())]
        if len(fits) == 1:
            deployments.append(deployment.model_copy(update={"instance": fits[0]}))
            notes.append(f"{deployment.label}: instance {fits[0]}, which was billed")
            continue
        result = bill_of(deployment, model.load, model.book, model.catalogue)
        cheapest = result.sizing.details["instance"]
        deployments.append(deployment.model_copy(update={"instance": cheapest}))
        candidates = f"any of {', '.join(fits)}" if fits else "none of its types"
        choice = f"instance {cheapest}, the cheapest; the bill may be of {candidates}"
        notes.append(f"{deployment.label}: {choice}")
    return replace(model, deployments=tuple(deployments)), tuple(notes)


def infeasible_notes(model: Model) -> Iterator[str]:
    """Yield which deployments, by the model, cannot serve the workload as given."""
    for deployment in model.deployments:
        result = bill_of(deployment, model.load, model.book, model.catalogue)
        if result.infeasible:
            reasons = "; ".join(result.infeasible)
            yield f"{deployment.label} cannot serve, as it was given: {reasons}"
        if result.unpriced_skus:
            yield f"{deployment.label} is a floor: no price of {', '.join(result.unpriced_skus)}"


def transfer_notes(statement: Statement) -> Iterator[str]:
    """Yield a note where transfer between zones differs in its two directions.

    Both are metered, so that they are equal for an account that has both ends.
    """
    came = went = 0.0
    for charge in statement.charges:
        words = f"{charge.meter.meter} {charge.meter.detail}"
        if charge.meter.provider != "aws" or charge.quantity is None:
            continue
        came += charge.quantity * ("InterZone-In" in words or "-xAZ-In-" in words)
        went += charge.quantity * ("InterZone-Out" in words or "-xAZ-Out-" in words)
    if abs(came - went) > BOTH_SIDES * max(came, went):
        yield (
            f"between zones {came:,.6g} GiB came in and {went:,.6g} GiB went out: "
            "the other side is on another bill, or they are of something else too"
        )


def whole_unit_notes(
    sides: Mapping[Key, Amounts], billed: Mapping[Key, float], fitted: Collection[Key], hours: float
) -> Iterator[str]:
    """Yield which nodes and whole units were billed in another number than the calibrated one."""
    for key, side in sides.items():
        amount = billed.get(key)
        if side.component != "compute" or key in fitted or not amount or not side.quantity:
            continue
        if abs(amount - side.quantity) > WHOLE * side.quantity:
            yield (
                f"{key.sku}: {amount / hours:,.6g} were billed all month, and "
                f"{side.quantity / hours:,.6g} are modelled: whole units tell a range of inputs, "
                "and no value"
            )
