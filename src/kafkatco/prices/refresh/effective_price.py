"""Choose the price in effect on a day among several, and those that begin later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from kafkatco.i18n.message import _
from kafkatco.prices.refresh.parse import failed, plain
from kafkatco.prices.refresh.source import PriceKey, Quote

__all__ = ["Line", "effective_quotes"]

Tiers = dict[Decimal, "Line"]


class Line(NamedTuple):
    """A dated quote of one meter of the source; ``primary`` meters come before others.

    With ``included``, a free first tier is part of another price.
    """

    quote: Quote
    since: dt.date
    meter: tuple[str, ...]
    primary: bool = False
    included: bool = False

    @property
    def key(self) -> PriceKey:
        """The sku and region of the quote."""
        return self.quote.sku, self.quote.region

    @property
    def terms(self) -> tuple[Decimal, str, str]:
        """The values that are equal in two lines of the same price."""
        return self.quote.price, self.quote.currency, self.quote.unit


def effective_quotes(lines: Iterable[Line], as_of: dt.date, label: str) -> list[Quote]:
    """Return the price of each sku and region as of a date, and those that begin later.

    The last line of a tier by that date is in effect.  Of several meters, it is that with the
    newest price, then the primary one; if these still differ, it raises
    :class:`~kafkatco.errors.RefreshError`.
    """
    places: dict[PriceKey, dict[tuple[str, ...], list[Line]]] = {}
    for line in lines:
        meters = places.setdefault(line.key, {})
        meters.setdefault(line.meter, []).append(line)
    quotes: list[Quote] = []
    for _key, meters in sorted(places.items()):
        by_then = [_tiers(lines, dt.date.min, as_of, label) for lines in meters.values()]
        quotes += _quotes(_chosen([tiers for tiers in by_then if tiers], label))
        coming = sorted({n.since for lines in meters.values() for n in lines if n.since > as_of})
        for date in coming:
            on_it = [_tiers(lines, date, date, label) for lines in meters.values()]
            quotes += _quotes(_chosen([tiers for tiers in on_it if tiers], label))
    return quotes


def _tiers(lines: Sequence[Line], first: dt.date, last: dt.date, label: str) -> Tiers:
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
            sentence = _(
                "two prices of {sku} in {region} from {date}: {first} and {second}",
                sku=line.quote.sku,
                region=line.quote.region,
                date=str(line.since),
                first=plain(earlier.quote.price),
                second=plain(line.quote.price),
            )
            raise failed(label, sentence)
        tiers[edge] = line
    return tiers


def _chosen(meters: Sequence[Tiers], label: str) -> Tiers:
    """Return the tiers of the meter in effect."""
    if len(meters) < 2:
        return meters[0] if meters else {}

    def rank(tiers: Tiers) -> tuple[dt.date, bool]:
        lines = tiers.values()
        return max(line.since for line in lines), all(line.primary for line in lines)

    best = max(rank(tiers) for tiers in meters)
    first, *others = [tiers for tiers in meters if rank(tiers) == best]
    for other in others:
        if _terms(first) != _terms(other):
            quote = next(iter(first.values())).quote
            sentence = _(
                "meters of {sku} in {region} differ: {first} and {second}",
                sku=quote.sku,
                region=quote.region,
                first=_prices(first),
                second=_prices(other),
            )
            raise failed(label, sentence)
    return first


def _prices(tiers: Tiers) -> str:
    return "/".join(plain(line.quote.price) for line in tiers.values())


def _terms(tiers: Mapping[Decimal, Line]) -> dict[Decimal, tuple[Decimal, str, str]]:
    return {edge: line.terms for edge, line in tiers.items()}


def _quotes(tiers: Tiers) -> Iterator[Quote]:
    """Yield the tiers as quotes of one date, without edges at which the price stays the same."""
    if not tiers:
        return
    since = max(line.since for line in tiers.values())
    lines = [line for _edge, line in sorted(tiers.items())]
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
