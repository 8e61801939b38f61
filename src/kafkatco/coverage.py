"""Whether a book has every price that the deployments need, where it claims a region."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from kafkatco.deployments import KINDS
from kafkatco.errors import Problem
from kafkatco.offers import missing_prices
from kafkatco.prices import PriceBook
from kafkatco.workload import Workload

__all__ = ["uncovered"]

#: What makes every meter of a deployment turn.
EVERYTHING = Workload(ingress="50 MB/s", fanout=3, retention="7 days", internet_egress=0.1)


def uncovered(folder: Path, date: dt.date) -> Iterator[Problem]:
    """Find each price that a kind of deployment lacks in a region in which it has others."""
    book = PriceBook(folder, as_of=date)
    catalogue = book.catalogue()
    for kind, model in KINDS.items():
        for region in book.regions(model.sku_prefix):
            item = model(region=region)
            for missing in missing_prices(item, EVERYTHING.operands(), book, catalogue):
                rows = [row for where in book.recorded(missing.sku)
                        for row in book.history(missing.sku, where)]  # fmt: skip
                place = f"{rows[0].where} (its price elsewhere)" if rows else folder.name
                yield Problem(place, f"no {missing.what}", f"one: {kind} needs it in {region}")
