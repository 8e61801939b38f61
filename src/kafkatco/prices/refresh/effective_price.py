"""Of all that a source says of one thing, what counts: the price of a day, and those to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from kafkatco.prices.refresh.parse import failed, plain
from kafkatco.prices.refresh.source import Reading, Where

__all__ = ["Line", "settle"]

Tiers = dict[Decimal, "Line"]


class Line(NamedTuple):
    """A reading, dated, of one meter of the source; ``primary`` meters go before others.

    ``included`` says that a first tier at no charge is part of something else.
    """

    reading: Reading
    since: dt.date
    meter: tuple[str, ...]
    primary: bool = False
    included: bool = False

    @property
    def where(self) -> Where:
        """The sku and the region that it prices."""
        return self.reading.sku, self.reading.region

    @property
    def terms(self) -> tuple[Decimal, str, str]:
        """What must be the same of two lines that say the same."""
        return self.reading.price, self.reading.currency, self.reading.unit


def settle(lines: Iterable[Line], as_of: dt.date, what: str) -> list[Reading]:
    """Return the price of each sku and region as of a date, and those that begin later.

    Of a tier the last line by that date counts.  Of several meters, that which was priced last
    does, then the primary one; if they still differ that is an error.
    """
    places: dict[Where, dict[tuple[str, ...], list[Line]]] = {}
    for line in lines:
        meters = places.setdefault(line.where, {})
        meters.setdefault(line.meter, []).append(line)
    found: list[Reading] = []
    for _, meters in sorted(places.items()):
        by_then = [_tiers(lines, dt.date.min, as_of, what) for lines in meters.values()]
        found += _readings(_chosen([tiers for tiers in by_then if tiers], what))
        coming = sorted({n.since for lines in meters.values() for n in lines if n.since > as_of})
        for date in coming:
            on_it = [_tiers(lines, date, date, what) for lines in meters.values()]
            found += _readings(_chosen([tiers for tiers in on_it if tiers], what))
    return found


def _tiers(lines: Sequence[Line], first: dt.date, last: dt.date, what: str) -> Tiers:
    """Return the last line of each tier of a meter between two dates."""
    tiers: Tiers = {}
    for line in sorted(lines, key=lambda line: (line.since, line.primary)):
        if not first <= line.since <= last:
            continue
        edge = line.reading.tier_from
        known = tiers.get(edge)
        if (
            known
            and (known.since, known.primary) == (line.since, line.primary)
            and known.terms != line.terms
        ):
            both = f"{plain(known.reading.price)} and {plain(line.reading.price)}"
            name = f"{line.reading.sku} in {line.reading.region} from {line.since}"
            raise failed(what, f"{both} for {name}", "one price")
        tiers[edge] = line
    return tiers


def _chosen(meters: Sequence[Tiers], what: str) -> Tiers:
    """Return the tiers of the meter that counts."""
    if len(meters) < 2:
        return meters[0] if meters else {}

    def rank(tiers: Tiers) -> tuple[dt.date, bool]:
        lines = tiers.values()
        return max(line.since for line in lines), all(line.primary for line in lines)

    best = max(rank(tiers) for tiers in meters)
    first, *others = [tiers for tiers in meters if rank(tiers) == best]
    for other in others:
        if _terms(first) != _terms(other):
            given = " and ".join(
                "/".join(plain(line.reading.price) for line in tiers.values())
                for tiers in (first, other)
            )
            reading = next(iter(first.values())).reading
            name = f"{reading.sku} in {reading.region}"
            raise failed(what, f"{given} for {name}", "meters that agree")
    return first


def _terms(tiers: Mapping[Decimal, Line]) -> dict[Decimal, tuple[Decimal, str, str]]:
    return {edge: line.terms for edge, line in tiers.items()}


def _readings(tiers: Tiers) -> Iterator[Reading]:
    """Yield the tiers as readings of one date, without edges at which the price stays."""
    if not tiers:
        return
    since = max(line.since for line in tiers.values())
    lines = [line for _, line in sorted(tiers.items())]
    kept = [
        line
        for before, line in zip([None, *lines], lines, strict=False)
        if before is None or before.terms != line.terms
    ]
    if kept[0].included and kept[0].reading.price == 0 and len(kept) > 1:
        kept = kept[1:]
        kept[0] = kept[0]._replace(reading=kept[0].reading._replace(tier_from=Decimal(0)))
    for line in kept:
        yield line.reading._replace(since=since)
