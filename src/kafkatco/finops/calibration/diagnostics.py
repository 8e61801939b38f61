"""What a bill says beyond amounts: which instance runs, how many whole units, both directions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Final

from kafkatco.costing.bill import bill
from kafkatco.deployments import Deployment
from kafkatco.finops.calibration.inputs import INPUTS, Model
from kafkatco.finops.calibration.reconcile import Key, Side
from kafkatco.finops.calibration.statement import Statement
from kafkatco.sizing.workload import Workload

__all__ = ["calibrated_workload", "directions", "pinned", "steps", "unable"]

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
    return type(workload)(**{**dict(workload), **changes})


def pinned(model: Model, billed: Mapping[Key, float]) -> tuple[Model, tuple[str, ...]]:
    """Return the model with the instance that was billed where it was to choose, and what is told.

    Where the bill has none or several of those that may be chosen, the model's choice for the
    workload as given stays, so that an estimate does not go from one to the other.
    """
    found: list[Deployment] = []
    notes: list[str] = []
    for item in model.deployments:
        if getattr(item, "instance", None) != "cheapest":
            found.append(item)
            continue
        asked = {
            offer.label: {
                meter.sku
                for meter in offer.meters
                if meter.component == "compute" and not meter.is_zero
            }
            for offer in item.choices(model.load, model.catalogue)
        }
        there = {key.sku for key, amount in billed.items() if key.region == item.region and amount}
        able = {label: len(skus) for label, skus in asked.items() if skus and skus <= there}
        # of one that is another's controller as well, the other
        fits = [label for label, count in able.items() if count == max(able.values())]
        if len(fits) == 1:
            found.append(item.model_copy(update={"instance": fits[0]}))
            notes.append(f"{item.label}: instance {fits[0]}, which was billed")
            continue
        own = bill(item, model.load, model.book, model.catalogue).sizing.details["instance"]
        found.append(item.model_copy(update={"instance": own}))
        known = f"any of {', '.join(fits)}" if fits else "none of its types"
        notes.append(f"{item.label}: instance {own}, the cheapest; the bill may be of {known}")
    return replace(model, deployments=tuple(found)), tuple(notes)


def unable(model: Model) -> Iterator[str]:
    """Yield who, by the model, cannot serve the workload as it was given."""
    for item in model.deployments:
        found = bill(item, model.load, model.book, model.catalogue)
        if found.infeasible:
            yield f"{item.label} cannot serve, as it was given: {'; '.join(found.infeasible)}"
        if found.open:
            yield f"{item.label} is a floor: no price of {', '.join(found.open)}"


def directions(statement: Statement) -> Iterator[str]:
    """Yield that transfer between zones came in and went out in different amounts, where it did.

    Both sides are metered, so that of an account with both ends they are the same.
    """
    came = went = 0.0
    for item in statement.charges:
        words = f"{item.meter.meter} {item.meter.detail}"
        if item.meter.provider != "aws" or item.quantity is None:
            continue
        came += item.quantity * ("InterZone-In" in words or "-xAZ-In-" in words)
        went += item.quantity * ("InterZone-Out" in words or "-xAZ-Out-" in words)
    if abs(came - went) > BOTH_SIDES * max(came, went):
        yield (
            f"between zones {came:,.6g} GiB came in and {went:,.6g} GiB went out: "
            "the other side is on another bill, or they are of something else too"
        )


def steps(
    sides: Mapping[Key, Side], billed: Mapping[Key, float], fitted: Collection[Key], hours: float
) -> Iterator[str]:
    """Yield which nodes and units, that come whole, were billed otherwise than calibrated."""
    for key, side in sides.items():
        there = billed.get(key)
        if side.component != "compute" or key in fitted or not there or not side.quantity:
            continue
        if abs(there - side.quantity) > WHOLE * side.quantity:
            yield (
                f"{key.sku}: {there / hours:,.6g} were billed all month, and "
                f"{side.quantity / hours:,.6g} are modelled: whole units tell a range of inputs, "
                "and no value"
            )
