"""What differs between a source and the tables: rows to append, and suspicious prices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from kafkatco.errors import Problem
from kafkatco.prices.bands import LEAP
from kafkatco.prices.refresh.source import FileQuotes, PriceKey, Quote
from kafkatco.prices.rows import UNPRICED, PriceRow

__all__ = ["Compared", "compare"]

#: How many vanished prices of one file are named one by one.
NAMED: Final = 3
#: How many decimals a price of the tables has at most.
DECIMALS: Final = 15

History = Mapping[PriceKey, Sequence[PriceRow]]


@dataclass
class Compared:
    """The result of a comparison: rows to append, problems, and counts.

    ``announced`` counts the prices that begin after the date, ``same`` the unchanged ones, and
    ``kept`` those that vanished from the source and stay, as accepted.
    """

    rows: list[PriceRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    same: int = 0
    announced: int = 0
    kept: int = 0
    other: set[str] = field(default_factory=set)

    @property
    def incomplete(self) -> bool:
        """Whether reading the same files later may give more."""
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

    ``history`` has every row of the tables, by date, of each sku and region that was asked for.
    A price that leaps by a factor of ten or that has vanished is a problem, unless ``accept`` has
    how its sku begins: then a leap is appended, and what has vanished stays as it was.
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
            wrong = list(_wrong(file.what, tiers, new_rows, _last(rows), accept))
            compared.problems += wrong
            if new_rows and not wrong:
                compared.rows += new_rows
                rows += new_rows
                changed = True
        compared.same += bool(by_then) and not changed
    return compared


def _vanished(missing: Collection[PriceKey], history: History, as_of: dt.date) -> list[PriceRow]:
    """Return the last row of what had a price on the date and has none now."""
    gone = []
    for key in sorted(missing):
        rows = [row for row in history.get(key, ()) if row.valid_from <= as_of]
        if rows and rows[-1].tier_kind not in UNPRICED:
            gone.append(rows[-1])
    return gone


def _lost(file: FileQuotes, gone: Sequence[PriceRow]) -> list[Problem]:
    """Return what is wrong where prices have vanished: many of them as one problem."""
    if len(gone) > NAMED and not file.unclear:
        given = f"no price of {len(gone)} of {len(file.covers)} things, such as {gone[0].sku}"
        hint = "--accept with how a sku begins leaves its price as it is"
        return [Problem(file.what, given, "prices, as before", hint)]
    return [
        Problem(
            file.what,
            file.unclear.get((row.sku, row.region), f"no price of {row.sku} in {row.region}"),
            "one, as before",
            f"{row.where} has it; --accept {row.sku} leaves that as it is",
        )
        for row in gone
    ]


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
    """Return the rows of one price, or none where the tables have it or an older one is meant.

    They are dated as the source dates them; where the tables have something of that date or later,
    which the source contradicts, from its publication on, or from when it was read.
    """
    last = _last(rows)
    terms = [(r.tier_from, r.price, r.currency, r.unit) for r in tiers]
    if terms == [(row.tier_from, row.price, row.currency, row.unit) for row in last]:
        return []
    first = tiers[0]
    dates = [first.since, first.origin.published, as_of]
    after = last[0].valid_from if last else dt.date.min
    if last and not newest and (first.since is None or first.since <= after):
        return []  # a price that was, and that the tables have followed up
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
    what: str,
    tiers: Sequence[Quote],
    rows: Sequence[PriceRow],
    last: Sequence[PriceRow],
    accept: Collection[str],
) -> Iterator[Problem]:
    """Find what is suspicious about a price that differs from the last one."""
    if not rows:
        return
    first = tiers[0]
    name = f"{first.sku} in {first.region}"
    edges = [tier.tier_from for tier in tiers]
    if len(set(edges)) < len(edges):
        yield Problem(what, f"several prices of {name} of one date", "one, or tiers")
    if edges[0] != 0:
        yield Problem(what, f"tiers of {name} from {edges[0]:f}", "tiers from 0")
    for tier in tiers:
        given = f"{tier.price:.20g} for {name}"
        exponent = tier.price.normalize().as_tuple().exponent
        if not tier.price.is_finite() or tier.price < 0:
            yield Problem(what, given, "a price of 0 or more")
        elif isinstance(exponent, int) and exponent < -DECIMALS:
            yield Problem(what, given, f"at most {DECIMALS} decimals")
    if not last or last[0].tier_kind in UNPRICED:
        return
    if (first.currency, first.unit) != (last[0].currency, last[0].unit):
        given = f"{first.currency} per {first.unit} for {name}"
        expected = f"{last[0].currency} per {last[0].unit}, as in {last[0].where}"
        yield Problem(what, given, expected)
        return
    if rows[0].valid_from <= last[0].valid_from:
        given = f"{_amounts(tiers)} {first.currency} for {name}"
        expected = f"{_amounts(last)}, as in {last[0].where} of the same date"
        yield Problem(what, given, expected, "Correct that row by hand if it is wrong")
    if not _accepted(first.sku, accept):
        yield from _leaps(what, name, tiers, last)


def _leaps(
    what: str, name: str, tiers: Sequence[Quote], last: Sequence[PriceRow]
) -> Iterator[Problem]:
    before = {row.tier_from: row.price or Decimal(0) for row in last}
    for tier in tiers:
        old = before.get(tier.tier_from)
        if old is None or old == tier.price:
            continue
        least, most = sorted((old, tier.price))
        if most >= LEAP * least:
            hint = f"--accept {tier.sku} if it is right"
            given = f"{tier.price:f} {tier.currency} per {tier.unit} for {name}"
            yield Problem(what, given, f"about {old:f}, its last price", hint)


def _amounts(tiers: Iterable[Quote] | Iterable[PriceRow]) -> str:
    return " / ".join(f"{tier.price:f}" for tier in tiers if tier.price is not None)
