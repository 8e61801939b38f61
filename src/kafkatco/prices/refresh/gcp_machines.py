"""Derive the prices of Google's machines from those of cores and memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from kafkatco.i18n.message import _
from kafkatco.prices.catalogue import Catalogue
from kafkatco.prices.meters.gcp import MACHINE_SKU, Component
from kafkatco.prices.refresh.parse import failed, plain
from kafkatco.prices.refresh.source import PriceKey, Query, Quote

__all__ = ["Machine", "component_sku", "machine_quotes", "machines"]

ROUNDED: Final = Decimal("0.000001")
TERMS: Final = {"1-year": "1 year", "3-year": "3 years"}


class Machine(NamedTuple):
    """The cores and memory [GiB] of a machine, and the term of its commitment, if any."""

    family: str
    term: str
    vcpu: Decimal
    memory: Decimal


def machines(query: Query) -> dict[str, Machine]:
    """Return the queried machines whose components are known, by sku."""
    # the cores and memory of a machine never change
    capacities = Catalogue(as_of=dt.date.max)
    shapes: dict[str, Machine] = {}
    for sku in query.skus("gcp.compute."):
        match = MACHINE_SKU.fullmatch(sku)
        if match is None or (match[3] or "") not in Component.terms(match[2]):
            continue
        machine = f"gcp.compute.{match[1]}"
        vcpu, memory = capacities.listed(machine, "vcpu"), capacities.listed(machine, "memory")
        if vcpu and memory and memory.unit == "GiB":
            shapes[sku] = Machine(match[2], match[3] or "", vcpu.value, memory.value)
    return shapes


def component_sku(of: Component) -> str:
    """Return the key of a component among the effective prices."""
    return f"{of.family}.{of.part}@{of.term}"


def machine_quotes(
    components: Iterable[Quote], shapes: Mapping[str, Machine], query: Query, label: str
) -> Iterator[Quote]:
    """Yield the prices of machines, each from the first day with prices of both components."""
    quotes_of: dict[PriceKey, list[Quote]] = {}
    for quote in sorted(components, key=lambda quote: quote.since or dt.date.min):
        history = quotes_of.setdefault((quote.sku, quote.region), [])
        if quote.tier_from or (history and history[-1].since == quote.since):
            sentence = _(
                "{sku} in {region} has tiers instead of one price",
                sku=quote.sku,
                region=quote.region,
            )
            raise failed(label, sentence)
        history.append(quote)
    for sku, machine in shapes.items():
        core = component_sku(Component(machine.family, "core", machine.term))
        ram = component_sku(Component(machine.family, "ram", machine.term))
        for region in query.regions[sku]:
            both = quotes_of.get((core, region)), quotes_of.get((ram, region))
            if both[0] and both[1]:
                yield from _priced(sku, machine, both[0], both[1])


def _priced(sku: str, machine: Machine, cores: list[Quote], rams: list[Quote]) -> Iterator[Quote]:
    begins = max(_since(cores[0]), _since(rams[0]))
    later = {_since(quote) for quote in (*cores, *rams)}
    for date in sorted({begins} | {day for day in later if day > begins}):
        core = [quote for quote in cores if _since(quote) <= date][-1]
        ram = [quote for quote in rams if _since(quote) <= date][-1]
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


def _since(quote: Quote) -> dt.date:
    return quote.since or dt.date.min
