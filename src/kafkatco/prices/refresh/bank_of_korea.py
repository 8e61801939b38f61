"""The Bank of Korea's basic rate of the dollar, a variant of the cross rate of the ECB.

ECOS, its statistics service, needs a key, which anybody can get.  The key is part of the address;
``{KEY}`` replaces it wherever an address is shown or stored.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote as url_quote

from kafkatco.i18n.message import EMPTY, _
from kafkatco.prices.refresh.fetched_file import Origin
from kafkatco.prices.refresh.http import MEGABYTE, Web
from kafkatco.prices.refresh.parse import date_of, failed, field, number_of, unexpected
from kafkatco.prices.refresh.source import FileQuotes, Query, Quote
from kafkatco.prices.refresh.source_helpers import kept_days, key_of

__all__ = ["BankOfKorea"]

LABEL: Final = _("Bank of Korea rates")
#: The daily rates of the won, and the item of the dollar in them.
TABLE: Final = "731Y001"
ITEM: Final = "0000001"
SKU: Final = "fx.usd.krw~bank-of-korea"
NOTE: Final = f"basic rate of the day, ECOS {TABLE} item {ITEM}"
PAGE: Final = 100
#: The time in which the first rate must be, longer than any holidays [days].
FIRST: Final = 31
NO_DATA: Final = "INFO-200"
#: The meaning of an error code, and a hint.
ERRORS: Final = {
    "INFO-100": (_("the key is invalid"), _("Check ECOS_API_KEY")),
    "ERROR-602": (_("too many calls"), _("Try again later")),
}
_DAY: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class BankOfKorea:
    """The Bank of Korea's ECOS: the won for one dollar, each working day."""

    url: str = "https://ecos.bok.or.kr"
    name: str = "bank-of-korea"
    prefix: str = SKU
    keys: tuple[str, ...] = ("ECOS_API_KEY",)
    table: str = "fx/bank-of-korea.csv"

    def read(self, web: Web, query: Query) -> Iterator[FileQuotes]:
        """Yield the last rate of each month after the tables' last one, and the newest rate.

        If the tables have none yet, it is only the newest, as of the query's date.
        """
        covers = frozenset((sku, "any") for sku in query.skus(SKU))
        first = query.as_of - dt.timedelta(days=FIRST)
        last = query.last.get(SKU)
        begin = first if last is None else last + dt.timedelta(days=1)
        rates, origins = self._rates(web, query, begin) if begin <= query.as_of else ({}, {})
        if not rates and last is None:
            sentence = _("no rate from {begin} to {end}", begin=str(begin), end=str(query.as_of))
            raise failed(LABEL, sentence)
        days = kept_days(rates, after=begin - dt.timedelta(days=1), as_of=query.as_of)
        quotes = [
            Quote(SKU, "any", rates[day], "KRW", "USD", origins[day], since=day, note=NOTE)
            for day in (days if last else days[-1:])
        ]
        yield FileQuotes(LABEL, covers, tuple(quotes) or None)

    def _rates(
        self, web: Web, query: Query, begin: dt.date
    ) -> tuple[dict[dt.date, Decimal], dict[dt.date, Origin]]:
        """Return the rate of each day from ``begin`` on, and its page."""
        key = key_of(query, "ECOS_API_KEY", LABEL)
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
                label=LABEL,
                most=MEGABYTE,
                shown=f"{root}/{{KEY}}/{path}",
            )
            if _is_empty(reply):
                break
            page = field(reply, "StatisticSearch", dict, LABEL)
            total = field(page, "list_total_count", int, LABEL)
            for row in field(page, "row", list, LABEL):
                day, rate = _row(row)
                if not begin <= day <= query.as_of:
                    raise unexpected(
                        LABEL,
                        _("a rate of {day}", day=str(day)),
                        _("rates from {begin} to {end}", begin=str(begin), end=str(query.as_of)),
                    )
                rates[day], origins[day] = rate, origin
        if len(rates) != total:
            sentence = _("the pages have {count} of {total} days", count=len(rates), total=total)
            raise failed(LABEL, sentence)
        return rates, origins


def _is_empty(reply: Mapping[str, Any]) -> bool:
    """Return whether a reply has no data; raise any other error with its code only.

    The bank's own text is left out, since it may repeat the key.
    """
    result = reply.get("RESULT")
    if result is None:
        return False
    code = field(result, "CODE", str, LABEL)
    if code == NO_DATA:
        return True
    shown = code if re.fullmatch(r"(INFO|ERROR)-[0-9]{3}", code) else _("unknown code")
    reason, hint = ERRORS.get(code, (_("the service reports an error"), EMPTY))
    raise failed(LABEL, _("{reason} ({code})", reason=reason, code=shown), hint)


def _row(row: Mapping[str, Any]) -> tuple[dt.date, Decimal]:
    """Return the day and the rate of one row, which must be that of the dollar."""
    codes = tuple(str(field(row, name, str, LABEL))[:20] for name in ("STAT_CODE", "ITEM_CODE1"))
    if codes != (TABLE, ITEM):
        raise unexpected(
            LABEL,
            _("item {item} of table {table}", item=codes[1], table=codes[0]),
            _("item {item} of table {table}", item=ITEM, table=TABLE),
        )
    day = date_of(_DAY.sub(r"\1-\2-\3", field(row, "TIME", str, LABEL)), LABEL)
    text = field(row, "DATA_VALUE", str, LABEL)
    text = text.replace(",", "") if _GROUPED.fullmatch(text) else text
    rate = number_of(text, LABEL, _("the rate of {day}", day=str(day)))
    if not rate:
        raise failed(LABEL, _("the rate of {day} is 0", day=str(day)))
    return day, rate
