"""The price of a machine of Google's: so many cores, and so much memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from kafkatco.prices.catalogue import Catalogue
from kafkatco.prices.meters.gcp import MACHINE_SKU, Component
from kafkatco.prices.refresh.parse import failed, plain
from kafkatco.prices.refresh.source import Asked, Reading, Where

__all__ = ["Machine", "component_sku", "machines", "made_of"]

ROUNDED: Final = Decimal("0.000001")
TERMS: Final = {"1-year": "1 year", "3-year": "3 years"}


class Machine(NamedTuple):
    """What a machine has, and for how long it is bought."""

    family: str
    term: str
    vcpu: Decimal
    memory: Decimal


def machines(asked: Asked) -> dict[str, Machine]:
    """Return the machines that are asked for and whose components are known, by sku."""
    # a machine has what it has, from its first day on
    capacities = Catalogue(as_of=dt.date.max)
    found: dict[str, Machine] = {}
    for sku in asked.skus("gcp.compute."):
        match = MACHINE_SKU.fullmatch(sku)
        if match is None or (match[3] or "") not in Component.terms(match[2]):
            continue
        item = f"gcp.compute.{match[1]}"
        vcpu, memory = capacities.listed(item, "vcpu"), capacities.listed(item, "memory")
        if vcpu and memory and memory.unit == "GiB":
            found[sku] = Machine(match[2], match[3] or "", vcpu.value, memory.value)
    return found


def component_sku(of: Component) -> str:
    """Return the name under which the prices of a component are settled."""
    return f"{of.family}.{of.part}@{of.term}"


def made_of(
    components: Iterable[Reading], shapes: Mapping[str, Machine], asked: Asked, what: str
) -> Iterator[Reading]:
    """Yield the prices of machines, each from the day on which both components have theirs."""
    known: dict[Where, list[Reading]] = {}
    for reading in sorted(components, key=lambda reading: reading.since or dt.date.min):
        history = known.setdefault((reading.sku, reading.region), [])
        if reading.tier_from or (history and history[-1].since == reading.since):
            raise failed(what, f"tiers of {reading.sku} in {reading.region}", "one price")
        history.append(reading)
    for sku, machine in shapes.items():
        core = component_sku(Component(machine.family, "core", machine.term))
        ram = component_sku(Component(machine.family, "ram", machine.term))
        for region in asked.regions[sku]:
            both = known.get((core, region)), known.get((ram, region))
            if both[0] and both[1]:
                yield from _priced(sku, machine, both[0], both[1])


def _priced(
    sku: str, machine: Machine, cores: list[Reading], rams: list[Reading]
) -> Iterator[Reading]:
    begins = max(_since(cores[0]), _since(rams[0]))
    later = {_since(reading) for reading in (*cores, *rams)}
    for date in sorted({begins} | {day for day in later if day > begins}):
        core = [reading for reading in cores if _since(reading) <= date][-1]
        ram = [reading for reading in rams if _since(reading) <= date][-1]
        price = machine.vcpu * core.price + machine.memory * ram.price
        note = (
            f"{plain(machine.vcpu)} vCPU x {plain(core.price)} + "
            f"{plain(machine.memory)} GiB x {plain(ram.price)} USD an hour"
        )
        if machine.term:
            note = f"resource-based commitment of {TERMS[machine.term]}: {note}"
            price = price.quantize(ROUNDED)
        else:
            note = f"Linux, on demand: {note}"
        yield core._replace(sku=sku, price=price, unit="hour", since=date, derived=True, note=note)


def _since(reading: Reading) -> dt.date:
    return reading.since or dt.date.min
