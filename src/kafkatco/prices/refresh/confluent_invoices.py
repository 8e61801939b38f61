"""Read the unit prices of the user's own invoices from Confluent Cloud.

A line has a product, a meter and a unit price, but neither the region nor the type of the cluster:
it proves that a price is charged, not where.  It may also include a discount.  So nothing of it is
appended to the tables; it is only compared with them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from kafkatco.i18n.message import _
from kafkatco.prices.invoice_prices import BilledPrice
from kafkatco.prices.refresh.http import Web
from kafkatco.prices.refresh.parse import date_of, failed, field, number_of

__all__ = ["billed_prices", "read_costs"]

LABEL: Final = _("Confluent costs")
PAGE: Final = 5000
#: The most pages of one month: two million lines.
PAGES: Final = 400


def billed_prices(lines: Iterable[Mapping[str, Any]]) -> tuple[BilledPrice, ...]:
    """Return the distinct unit prices of cost lines, in order; lines without a price are ignored.

    A price that changed appears twice, each time with its days.

    >>> line = {"product": "KAFKA", "line_type": "KAFKA_NETWORK_READ", "unit": "GB", "price": "0.5",
    ...         "start_date": "2026-10-01 00:00:00"}
    >>> for price in billed_prices([line, {**line, "start_date": "2026-10-02"},
    ...                             {"line_type": "SUPPORT", "price": None}]):
    ...     print(price.line_type, price.price, price.unit, price.first, price.last)
    KAFKA_NETWORK_READ 0.5 GB 2026-10-01 2026-10-02
    """
    days_of: dict[tuple[str, str, str, Decimal], tuple[dt.date, dt.date]] = {}
    for line in lines:
        if line.get("price") is None:
            continue
        names = [str(line.get(name) or "") for name in ("product", "line_type", "unit")]
        price = number_of(line["price"], LABEL, names[1] or _("a line"))
        day = _day(line)
        first, last = days_of.get(key := (names[0], names[1], names[2], price), (day, day))
        days_of[key] = min(first, day), max(last, day)
    return tuple(BilledPrice(*key, *days) for key, days in sorted(days_of.items()))


def read_costs(
    web: Web,
    start: dt.date,
    end: dt.date,
    *,
    key: str,
    secret: str,
    url: str = "https://api.confluent.cloud",
) -> Iterator[dict[str, Any]]:
    """Yield the cost lines from ``start`` up to the day before ``end``, month by month.

    ``key`` and ``secret`` are those of a Cloud API key with access to billing.
    """
    while start < end:
        following = (start.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        until = min(end, following)
        yield from _month(web, url, start, until, (key, secret))
        start = until


def _month(
    web: Web, url: str, start: dt.date, end: dt.date, auth: tuple[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield the lines of at most one month, the longest period of the API."""
    query = {"start_date": start.isoformat(), "end_date": end.isoformat(), "page_size": str(PAGE)}
    seen: set[str] = set()
    label = _("Confluent costs from {start} to {end}", start=str(start), end=str(end))
    while True:
        page, _origin = web.json(
            f"{url}/billing/v1/costs?{urlencode(query)}", label=label, auth=auth
        )
        lines = field(page, "data", list, label)
        for line in lines:
            if not isinstance(line, dict):
                raise failed(label, _("a cost line is not a JSON object"))
            yield line
        token = _next(page)
        if not token:
            return
        if token in seen or len(seen) >= PAGES:
            raise failed(label, _("the pages do not end"))
        seen.add(token)
        query["page_token"] = token


def _next(page: Mapping[str, Any]) -> str:
    """Return the token of the next page; the rest of its address is ignored."""
    metadata = page.get("metadata")
    following = metadata.get("next") if isinstance(metadata, dict) else None
    if not following:
        return ""
    token = parse_qs(urlsplit(str(following)).query).get("page_token", [""])[0]
    if not token:
        raise failed(LABEL, _("the address of the next page has no page_token"))
    return token


def _day(line: Mapping[str, Any]) -> dt.date:
    """Return the first day of a line, which has a date or a date and a time."""
    return date_of(str(line.get("start_date", ""))[:10], LABEL)
