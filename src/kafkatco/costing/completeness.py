"""Whether a book has every price that the deployments need, in each region that it covers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kafkatco.deployments import KINDS, Deployment, Labour
from kafkatco.errors import MissingPriceError, Problem
from kafkatco.i18n.message import _
from kafkatco.prices import Catalogue, PriceBook
from kafkatco.sizing.workload import Workload

__all__ = ["uncovered"]

LOAD = Workload(ingress="50 MB/s")


def uncovered(folder: Path, date: dt.date) -> Iterator[Problem]:
    """Yield each missing price of a kind of deployment in a region with other prices of the kind.

    Every meter of every candidate needs a price, also one with a quantity of zero; only nodes do
    not, since not every region sells all types; where a kind needs nodes, and none has a price, it
    is not sold.
    """
    book = PriceBook(folder, as_of=date)
    capacities = folder.parent / "capacity"
    catalogue = Catalogue(as_of=date, folder=capacities if capacities.is_dir() else None)
    seen: set[tuple[str, str]] = set()
    for kind, model in KINDS.items():
        for example in model.examples:
            yield from _of_kind(kind, model, example, book, catalogue, seen)


def _of_kind(
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
        deployment = model(region=region, labour=Labour(fte=1), **example)
        try:
            candidates = deployment.choices(LOAD.operands(), catalogue)
        except MissingPriceError as error:
            text = _("no {what}, which {kind} needs", what=error.what, kind=kind)
            yield Problem("capacity", "", text, error.hint)
            break
        needed = {
            (meter.sku, meter.region)
            for candidate in candidates
            for meter in candidate.meters
            if meter.price is None
        }
        if not needed:
            yield Problem("capacity", "", _("no node of {kind} has capacities", kind=kind))
        sizes = [(sku, where) for sku, where in needed if sku in nodes]
        if sizes and not any(book.listed(sku, where) for sku, where in sizes):
            continue  # not sold there: another kind has the prices of this region
        for sku, where in sorted(needed - seen):
            if sku in nodes or book.listed(sku, where):
                continue
            seen.add((sku, where))
            yield Problem(
                _place(sku, book),
                "",
                _(
                    "no price of {sku!r} in region {where!r}, which {kind} needs in {region}",
                    sku=sku,
                    where=where,
                    kind=kind,
                    region=region,
                ),
            )


def _place(sku: str, book: PriceBook) -> str:
    """Return the row of another region of a sku, or the name of the book."""
    for region in book.recorded(sku):
        for row in book.history(sku, region):
            return _("{row} (its price in another region)", row=row.where)
    return book.name
