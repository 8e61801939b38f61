"""Whether a book has every price that the deployments need, where it claims a region."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kafkatco.deployments import KINDS, Deployment, Labour
from kafkatco.errors import MissingPriceError, Problem
from kafkatco.prices import Catalogue, PriceBook
from kafkatco.sizing.workload import Workload

__all__ = ["uncovered"]

LOAD = Workload(ingress="50 MB/s")


def uncovered(folder: Path, date: dt.date) -> Iterator[Problem]:
    """Find each price that a kind of deployment lacks in a region in which it has others.

    Every meter of every offer counts, whatever its quantity; but the nodes are a choice, which
    not every region sells.
    """
    book = PriceBook(folder, as_of=date)
    beside = folder.parent / "capacity"
    catalogue = Catalogue(as_of=date, folder=beside if beside.is_dir() else None)
    seen: set[tuple[str, str]] = set()
    for kind, model in KINDS.items():
        for example in model.examples:
            yield from _of(kind, model, example, book, catalogue, seen)


def _of(
    kind: str,
    model: type[Deployment],
    example: Mapping[str, Any],
    book: PriceBook,
    catalogue: Catalogue,
    seen: set[tuple[str, str]],
) -> Iterator[Problem]:
    prefix = model(region="any", **example).sku_prefix
    nodes = set(catalogue.items(prefix))
    for region in sorted(set(book.regions(prefix)) - {"any"}):
        item = model(region=region, labour=Labour(fte=1), **example)
        try:
            offers = item.choices(LOAD.operands(), catalogue)
        except MissingPriceError as error:
            yield Problem("capacity", f"no {error.what}", f"one: {kind} needs it", error.hint)
            break
        asked = {
            (meter.sku, meter.region)
            for offer in offers
            for meter in offer.meters
            if meter.price is None
        }
        if not asked:
            yield Problem("capacity", f"no node of {kind}", "the capacities of some")
        for sku, where in sorted(asked - seen):
            if sku in nodes or book.listed(sku, where):
                continue
            seen.add((sku, where))
            rows = [row for other in book.recorded(sku) for row in book.history(sku, other)]
            place = f"{rows[0].where} (its price elsewhere)" if rows else book.name
            given = f"no price of {sku!r} in region {where!r}"
            yield Problem(place, given, f"one: {kind} needs it in {region}")
