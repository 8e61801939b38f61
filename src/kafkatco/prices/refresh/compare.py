"""Compare a source with the tables: rows to append, and suspicious prices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from kafkatco.errors import Problem
from kafkatco.i18n.message import Message, _
from kafkatco.prices.bands import LEAP
from kafkatco.prices.refresh.source import FileQuotes, PriceKey, Quote
from kafkatco.prices.rows import UNPRICED, PriceRow

__all__ = ["Compared", "compare"]

#: More vanished prices of one file are reported as one problem.
NAMED: Final = 3
#: The most decimals of a price in the tables.
DECIMALS: Final = 15

History = Mapping[PriceKey, Sequence[PriceRow]]


@dataclass
class Compared:
    """The result of a comparison: rows to append, problems, and counts.

    ``announced`` counts the prices that begin after the date, ``same`` the unchanged ones, and
    ``kept`` the accepted ones that stay in the tables although they vanished from the source.
    """

    rows: list[PriceRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    same: int = 0
    announced: int = 0
    kept: int = 0
    other: set[str] = field(default_factory=set)

    @property
    def incomplete(self) -> bool:
        """Whether the same files may give more on a later date."""
        return bool(self.announced or self.kept)


def compare(
    file: FileQuotes,
    history: History,
    *,
    as_of: dt.date,
    today: dt.date,
    accept: Collection[str] = (),
) -> Compared:
    """Return the rows to append for quotes that the tables do not have, as of a date.

    ``history`` has every row of the tables, by date, of each queried sku and region.  A price that
    leaps by a factor of ten or that has vanished is a problem, unless ``accept`` has a prefix of
    its sku: then a leap is appended, and a vanished price keeps its rows.
    """
    compared = Compared(other=set(file.other))
    if file.quotes is None:
        compared.same = len(file.covers)
        return compared
    groups: dict[PriceKey, dict[dt.date | None, list[Quote]]] = {}
    for quote in file.quotes:
        dates = groups.setdefault((quote.sku, quote.region), {})
        dates.setdefault(quote.since, []).append(quote)
    gone = _vanished(file.covers - groups.keys(), history, as_of)
    compared.kept = sum(_accepted(row.sku, accept) for row in gone)
    compared.problems += _lost(file, [row for row in gone if not _accepted(row.sku, accept)])
    for key, dates in sorted(groups.items()):
        rows = [row for row in history.get(key, ()) if row.valid_from <= as_of]
        changed = False
        by_then = [date or dt.date.min for date in dates if date is None or date <= as_of]
        for since in sorted(dates, key=lambda date: date or dt.date.min):
            tiers = sorted(dates[since], key=lambda quote: quote.tier_from)
            if since is not None and since > as_of:
                compared.announced += 1
                continue
            newest = since is None or since == max(by_then)
            new_rows = _dated(tiers, rows, as_of, today, newest=newest)
            wrong = list(_wrong(file.label, tiers, new_rows, _last(rows), accept))
            compared.problems += wrong
            if new_rows and not wrong:
                compared.rows += new_rows
                rows += new_rows
                changed = True
        compared.same += bool(by_then) and not changed
    return compared


def _vanished(missing: Collection[PriceKey], history: History, as_of: dt.date) -> list[PriceRow]:
    """Return the last row of each price that the source no longer has."""
    gone = []
    for key in sorted(missing):
        rows = [row for row in history.get(key, ()) if row.valid_from <= as_of]
        if rows and rows[-1].tier_kind not in UNPRICED:
            gone.append(rows[-1])
    return gone


def _lost(file: FileQuotes, gone: Sequence[PriceRow]) -> list[Problem]:
    """Return the problems of vanished prices; many of them are one problem."""
    if len(gone) > NAMED and not file.unclear:
        sentence = _(
            "{count} of {total} prices are gone, such as that of {sku}",
            count=len(gone),
            total=len(file.covers),
            sku=gone[0].sku,
        )
        hint = _("--accept with the prefix of skus keeps their prices")
        return [Problem(file.label, "", sentence, hint)]
    return [
        Problem(
            file.label,
            "",
            file.unclear.get((row.sku, row.region)) or _vanished_text(row),
            _(
                "Its last price is in {place}; --accept {sku} keeps it",
                place=row.where,
                sku=row.sku,
            ),
        )
        for row in gone
    ]


def _vanished_text(row: PriceRow) -> Message:
    return _("the price of {sku} in {region} is gone", sku=row.sku, region=row.region)


def _accepted(sku: str, accept: Collection[str]) -> bool:
    return any(sku.startswith(prefix) for prefix in accept)


def _last(rows: Sequence[PriceRow]) -> list[PriceRow]:
    return [row for row in rows if row.valid_from == rows[-1].valid_from] if rows else []


def _dated(
    tiers: Sequence[Quote],
    rows: Sequence[PriceRow],
    as_of: dt.date,
    today: dt.date,
    *,
    newest: bool,
) -> list[PriceRow]:
    """Return the rows of one price; none if the tables have it or have followed it up.

    They have the date of the source.  If the tables have another price of that date or later, they
    have the date of the publication, or else that of the refresh.
    """
    last = _last(rows)
    terms = [(r.tier_from, r.price, r.currency, r.unit) for r in tiers]
    if terms == [(row.tier_from, row.price, row.currency, row.unit) for row in last]:
        return []
    first = tiers[0]
    dates = [first.since, first.origin.published, as_of]
    after = last[0].valid_from if last else dt.date.min
    if last and not newest and (first.since is None or first.since <= after):
        return []  # a former price that the tables have followed up
    begins = next((date for date in dates if date and after < date <= as_of), as_of)
    note = f"; the source dates it {first.since}" if first.since and begins != first.since else ""
    return [
        PriceRow(
            r.sku,
            r.region,
            _plain(r.price),
            r.currency,
            r.unit,
            _plain(r.tier_from),
            "flat" if len(tiers) == 1 else "marginal",
            begins,
            today,
            str(r.origin),
            "derived" if r.derived else "official",
            _note(r, note),
        )
        for r in tiers
    ]


def _plain(number: Decimal) -> Decimal:
    """Return a number without trailing zeros and exponent: 1E+2 is 100."""
    return Decimal(f"{number.normalize():f}")


def _note(quote: Quote, more: str) -> str:
    note = quote.note or ("free in the list" if quote.price == 0 else "")
    return (note + more).removeprefix("; ")


def _wrong(
    label: str,
    tiers: Sequence[Quote],
    rows: Sequence[PriceRow],
    last: Sequence[PriceRow],
    accept: Collection[str],
) -> Iterator[Problem]:
    """Yield the problems of a price that differs suspiciously from the last one."""
    if not rows:
        return
    first = tiers[0]
    name = _("{sku} in {region}", sku=first.sku, region=first.region)
    edges = [tier.tier_from for tier in tiers]
    if len(set(edges)) < len(edges):
        yield Problem(label, "", _("several prices of {name} on one date", name=name))
    if edges[0] != 0:
        sentence = _("the tiers of {name} begin at {edge:f}, not at 0", name=name, edge=edges[0])
        yield Problem(label, "", sentence)
    for tier in tiers:
        price = _("{price:.20g} for {name}", price=tier.price, name=name)
        exponent = tier.price.normalize().as_tuple().exponent
        if not tier.price.is_finite() or tier.price < 0:
            yield Problem(label, price, _("a price of at least 0"))
        elif isinstance(exponent, int) and exponent < -DECIMALS:
            yield Problem(label, price, _("at most {count} decimals", count=DECIMALS))
    if not last or last[0].tier_kind in UNPRICED:
        return
    if (first.currency, first.unit) != (last[0].currency, last[0].unit):
        yield Problem(
            label,
            _(
                "{currency} per {unit} for {name}",
                currency=first.currency,
                unit=first.unit,
                name=name,
            ),
            _(
                "{currency} per {unit}, as in {place}",
                currency=last[0].currency,
                unit=last[0].unit,
                place=last[0].where,
            ),
        )
        return
    if rows[0].valid_from <= last[0].valid_from:
        prices = _amounts(tiers)
        yield Problem(
            label,
            _("{prices} {currency} for {name}", prices=prices, currency=first.currency, name=name),
            _(
                "{prices}, as in {place} of the same date",
                prices=_amounts(last),
                place=last[0].where,
            ),
            _("Correct that row by hand if it is wrong"),
        )
    if not _accepted(first.sku, accept):
        yield from _leaps(label, name, tiers, last)


def _leaps(
    label: str, name: Message, tiers: Sequence[Quote], last: Sequence[PriceRow]
) -> Iterator[Problem]:
    before = {row.tier_from: row.price or Decimal(0) for row in last}
    for tier in tiers:
        old = before.get(tier.tier_from)
        if old is None or old == tier.price:
            continue
        least, most = sorted((old, tier.price))
        if most >= LEAP * least:
            price = _(
                "{price:f} {currency} per {unit} for {name}",
                price=tier.price,
                currency=tier.currency,
                unit=tier.unit,
                name=name,
            )
            expected = _("about {price:f}, the last price", price=old)
            hint = _("Add --accept {sku} if it is right", sku=tier.sku)
            yield Problem(label, price, expected, hint)


def _amounts(tiers: Iterable[Quote] | Iterable[PriceRow]) -> str:
    return " / ".join(f"{tier.price:f}" for tier in tiers if tier.price is not None)
