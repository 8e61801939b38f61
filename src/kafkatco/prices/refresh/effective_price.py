"""Which of several prices of one thing is in effect on a day, and which begin later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from kafkatco.prices.refresh.parse import failed, plain
from kafkatco.prices.refresh.source import PriceKey, Quote

__all__ = ["Line", "effective_quotes"]

Tiers = dict[Decimal, "Line"]


class Line(NamedTuple):
    """A quote, dated, of one meter of the source; ``primary`` meters go before others.

    With ``included``, a first tier at no charge is part of something else.
    """

    quote: Quote
    since: dt.date
    meter: tuple[str, ...]
    primary: bool = False
    included: bool = False

    @property
    def key(self) -> PriceKey:
        """The sku and the region that it prices."""
        return self.quote.sku, self.quote.region

    @property
    def terms(self) -> tuple[Decimal, str, str]:
        """What two lines of the same price agree on."""
        return self.quote.price, self.quote.currency, self.quote.unit


def effective_quotes(lines: Iterable[Line], as_of: dt.date, what: str) -> list[Quote]:
    """Return the price of each sku and region as of a date, and those that begin later.

    The last line of a tier by that date is in effect.  Of several meters, the one priced last is,
    then the primary one; if they still differ, that is an error.
    """
    places: dict[PriceKey, dict[tuple[str, ...], list[Line]]] = {}
    for line in lines:
        meters = places.setdefault(line.key, {})
        meters.setdefault(line.meter, []).append(line)
    quotes: list[Quote] = []
    for _, meters in sorted(places.items()):
        by_then = [_tiers(lines, dt.date.min, as_of, what) for lines in meters.values()]
        quotes += _quotes(_chosen([tiers for tiers in by_then if tiers], what))
        coming = sorted({n.since for lines in meters.values() for n in lines if n.since > as_of})
        for date in coming:
            on_it = [_tiers(lines, date, date, what) for lines in meters.values()]
            quotes += _quotes(_chosen([tiers for tiers in on_it if tiers], what))
    return quotes


def _tiers(lines: Sequence[Line], first: dt.date, last: dt.date, what: str) -> Tiers:
    """Return the last line of each tier of a meter between two dates."""
    tiers: Tiers = {}
    for line in sorted(lines, key=lambda line: (line.since, line.primary)):
        if not first <= line.since <= last:
            continue
        edge = line.quote.tier_from
        earlier = tiers.get(edge)
        if (
            earlier
            and (earlier.since, earlier.primary) == (line.since, line.primary)
            and earlier.terms != line.terms
        ):
            both = f"{plain(earlier.quote.price)} and {plain(line.quote.price)}"
            name = f"{line.quote.sku} in {line.quote.region} from {line.since}"
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
                "/".join(plain(line.quote.price) for line in tiers.values())
                for tiers in (first, other)
            )
            quote = next(iter(first.values())).quote
            name = f"{quote.sku} in {quote.region}"
            raise failed(what, f"{given} for {name}", "meters that agree")
    return first


def _terms(tiers: Mapping[Decimal, Line]) -> dict[Decimal, tuple[Decimal, str, str]]:
    return {edge: line.terms for edge, line in tiers.items()}


def _quotes(tiers: Tiers) -> Iterator[Quote]:
    """Yield the tiers as quotes of one date, without edges at which the price stays."""
    if not tiers:
        return
    since = max(line.since for line in tiers.values())
    lines = [line for _, line in sorted(tiers.items())]
    kept = [
        line
        for before, line in zip([None, *lines], lines, strict=False)
        if before is None or before.terms != line.terms
    ]
    if kept[0].included and kept[0].quote.price == 0 and len(kept) > 1:
        kept = kept[1:]
        kept[0] = kept[0]._replace(quote=kept[0].quote._replace(tier_from=Decimal(0)))
    for line in kept:
        yield line.quote._replace(since=since)
