"""The Bank of Korea's basic rate of the dollar, as a variant of the cross of the ECB's rates.

ECOS, its statistics service, wants a key of one's own, which anybody may have.  The key is part of
the address; ``{KEY}`` stands for it wherever an address is shown or kept.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote as url_quote

from kafkatco.prices.refresh.fetched_file import Origin
from kafkatco.prices.refresh.http import MEGABYTE, Web
from kafkatco.prices.refresh.parse import date_of, failed, field, number_of
from kafkatco.prices.refresh.source import FileQuotes, Query, Quote
from kafkatco.prices.refresh.source_helpers import kept_days, key_of

__all__ = ["BankOfKorea"]

WHAT: Final = "Bank of Korea rates"
#: Daily rates of the won, and in them that of the dollar.
TABLE: Final = "731Y001"
ITEM: Final = "0000001"
SKU: Final = "fx.usd.krw~bank-of-korea"
NOTE: Final = f"basic rate of the day, ECOS {TABLE} item {ITEM}"
PAGE: Final = 100
#: How far back the first rate is looked for: no holidays last longer [days].
FIRST: Final = 31
NO_DATA: Final = "INFO-200"
#: The meaning of an error code, and what the user can do.
ERRORS: Final = {
    "INFO-100": ("a key that is not valid", "Is ECOS_API_KEY right?"),
    "ERROR-602": ("too many calls", "Try again later"),
}
_DAY: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class BankOfKorea:
    """The Bank of Korea's ECOS: what a dollar is in won, each working day."""

    url: str = "https://ecos.bok.or.kr"
    name: str = "bank-of-korea"
    prefix: str = SKU
    keys: tuple[str, ...] = ("ECOS_API_KEY",)
    table: str = "fx/bank-of-korea.csv"

    def read(self, web: Web, query: Query) -> Iterator[FileQuotes]:
        """Yield each month's last rate since the tables' own, and the newest, as of a date.

        Where the tables have none yet, the newest is all.
        """
        covers = frozenset((sku, "any") for sku in query.skus(SKU))
        first = query.as_of - dt.timedelta(days=FIRST)
        last = query.last.get(SKU)
        begin = first if last is None else last + dt.timedelta(days=1)
        rates, origins = self._rates(web, query, begin) if begin <= query.as_of else ({}, {})
        if not rates and last is None:
            given = f"no rate from {begin} to {query.as_of}"
            raise failed(WHAT, given, "one of each working day")
        days = kept_days(rates, after=begin - dt.timedelta(days=1), as_of=query.as_of)
        quotes = [
            Quote(SKU, "any", rates[day], "KRW", "USD", origins[day], since=day, note=NOTE)
            for day in (days if last else days[-1:])
        ]
        yield FileQuotes(WHAT, covers, tuple(quotes) or None)

    def _rates(
        self, web: Web, query: Query, begin: dt.date
    ) -> tuple[dict[dt.date, Decimal], dict[dt.date, Origin]]:
        """Return the rate of each day from ``begin`` on, and which page has it."""
        key = key_of(query, "ECOS_API_KEY", WHAT)
        rates: dict[dt.date, Decimal] = {}
        origins: dict[dt.date, Origin] = {}
        total = 0
        most = (query.as_of - begin).days + 1
        for start in range(1, most + 1, PAGE):
            if start > max(total, 1):
                break
            path = (
                f"json/kr/{start}/{start + PAGE - 1}/{TABLE}/D/{begin:%Y%m%d}/"
                f"{query.as_of:%Y%m%d}/{ITEM}"
            )
            root = f"{self.url}/api/StatisticSearch"
            reply, origin = web.json(
                f"{root}/{url_quote(key, safe='')}/{path}",
                what=WHAT,
                most=MEGABYTE,
                shown=f"{root}/{{KEY}}/{path}",
            )
            if _is_empty(reply):
                break
            page = field(reply, "StatisticSearch", dict, WHAT)
            total = field(page, "list_total_count", int, WHAT)
            for row in field(page, "row", list, WHAT):
                day, rate = _row(row)
                if not begin <= day <= query.as_of:
                    given = f"a rate of {day}"
                    raise failed(WHAT, given, f"rates from {begin} to {query.as_of}")
                rates[day], origins[day] = rate, origin
        if len(rates) != total:
            raise failed(WHAT, f"{len(rates)} of {total} days", "all, each once")
        return rates, origins


def _is_empty(reply: Mapping[str, Any]) -> bool:
    """Whether a reply has no data; raises for any other error, which it names by code alone.

    The bank's own words are left out, since they may repeat the key.
    """
    result = reply.get("RESULT")
    if result is None:
        return False
    code = field(result, "CODE", str, WHAT)
    if code == NO_DATA:
        return True
    shown = code if re.fullmatch(r"(INFO|ERROR)-[0-9]{3}", code) else "an unknown code"
    what, hint = ERRORS.get(code, ("an error", ""))
    raise failed(WHAT, f"{what} ({shown})", "rates", hint)


def _row(row: Mapping[str, Any]) -> tuple[dt.date, Decimal]:
    """Return the day and the rate of one row, which must be of the dollar."""
    codes = tuple(str(field(row, name, str, WHAT))[:20] for name in ("STAT_CODE", "ITEM_CODE1"))
    if codes != (TABLE, ITEM):
        raise failed(WHAT, f"item {codes[1]} of table {codes[0]}", f"{ITEM} of {TABLE}")
    day = date_of(_DAY.sub(r"\1-\2-\3", field(row, "TIME", str, WHAT)), WHAT)
    text = field(row, "DATA_VALUE", str, WHAT)
    text = text.replace(",", "") if _GROUPED.fullmatch(text) else text
    rate = number_of(text, WHAT, f"the rate of {day}")
    if not rate:
        raise failed(WHAT, f"0 for the rate of {day}", "a rate above 0")
    return day, rate
