"""Notes on a bill: the billed instance, numbers of whole units, and transfer in both directions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from kafkatco.core.format import floor_reasons
from kafkatco.costing.bill import bill_of
from kafkatco.deployments import Deployment
from kafkatco.deployments.instances import is_one_type
from kafkatco.finops.calibration.inputs import INPUTS, Model
from kafkatco.finops.calibration.reconcile import Amounts, Key
from kafkatco.finops.calibration.statement import Statement
from kafkatco.i18n.message import Message, _, join
from kafkatco.sizing.workload import Workload

__all__ = [
    "calibrated_workload",
    "infeasible_notes",
    "pin_instances",
    "transfer_notes",
    "whole_unit_notes",
]

#: Transfer in and out that differ by more are not two ends of the same bytes.  [1]
BOTH_SIDES: Final = 0.01
#: Billed and modelled hours of whole units that differ by more are another number of units.  [1]
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
    """Return the model with the billed instance where the sizing chooses, and a note for each.

    If the bill has none or several of the candidates, the model's choice for the original workload
    is pinned, so that an estimate does not switch between instances.
    """
    deployments: list[Deployment] = []
    notes: list[str] = []
    for deployment in model.deployments:
        instance = getattr(deployment, "instance", None)
        if instance is None or is_one_type(instance):
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
        # an instance may be another's controller as well: prefer the one with more billed skus
        fits = [label for label, count in matches.items() if count == max(matches.values())]
        if len(fits) == 1:
            deployments.append(deployment.model_copy(update={"instance": fits[0]}))
            notes.append(
                _(
                    "{deployment}: instance {instance}, as billed",
                    deployment=deployment.label,
                    instance=fits[0],
                )
            )
            continue
        result = bill_of(deployment, model.load, model.book, model.catalogue)
        cheapest = result.sizing.details["instance"]
        deployments.append(deployment.model_copy(update={"instance": cheapest}))
        notes.append(_instance_note(deployment.label, cheapest, fits))
    return replace(model, deployments=tuple(deployments)), tuple(notes)


def _instance_note(label: str, cheapest: str, fits: Sequence[str]) -> Message:
    """Return the note on an instance that the bill does not identify."""
    if fits:
        return _(
            "{deployment}: the bill may be for any of the instances {instances}; "
            "the model uses the cheapest, {instance}",
            deployment=label,
            instances=", ".join(fits),
            instance=cheapest,
        )
    return _(
        "{deployment}: this bill has no hours of its instance types; is it the right bill? "
        "The model uses the cheapest type, {instance}",
        deployment=label,
        instance=cheapest,
    )


def infeasible_notes(model: Model) -> Iterator[str]:
    """Yield a note for each deployment that cannot handle the workload or lacks a price."""
    for deployment in model.deployments:
        result = bill_of(deployment, model.load, model.book, model.catalogue)
        if result.infeasible:
            yield _(
                "{deployment} cannot handle the assumed workload: {reasons}",
                deployment=deployment.label,
                reasons=join("; ", result.infeasible),
            )
        if result.is_floor:
            reasons = floor_reasons(result.unpriced_skus, result.unchecked)
            yield _("{name} is a floor: {reasons}", name=deployment.label, reasons=reasons)


def transfer_notes(statement: Statement) -> Iterator[str]:
    """Yield a note if transfer between zones differs between its two directions.

    AWS meters both directions, which are equal in an account with both ends.
    """
    received = sent = 0.0
    for charge in statement.charges:
        words = f"{charge.meter.meter} {charge.meter.detail}"
        if charge.meter.provider != "aws" or charge.quantity is None:
            continue
        received += charge.quantity * ("InterZone-In" in words or "-xAZ-In-" in words)
        sent += charge.quantity * ("InterZone-Out" in words or "-xAZ-Out-" in words)
    if abs(received - sent) > BOTH_SIDES * max(received, sent):
        yield _(
            "between zones {received:,.6g} GiB came in and {sent:,.6g} GiB went out: one end may "
            "be on another bill, or other systems may transfer data as well",
            received=received,
            sent=sent,
        )


def whole_unit_notes(
    sides: Mapping[Key, Amounts], billed: Mapping[Key, float], fitted: Collection[Key], hours: float
) -> Iterator[str]:
    """Yield a note for each kind of node or whole unit of which the bill has another number."""
    for key, side in sides.items():
        amount = billed.get(key)
        if side.component != "compute" or key in fitted or not amount or not side.quantity:
            continue
        if abs(amount - side.quantity) > WHOLE * side.quantity:
            yield _(
                "{sku}: {billed:,.6g} were billed all month, the model has {modelled:,.6g}; whole "
                "units give only a range of inputs",
                sku=key.sku,
                billed=amount / hours,
                modelled=side.quantity / hours,
            )
