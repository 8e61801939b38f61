"""``kafkatco prices billed``: what one's own invoices charge, beside the tables."""

from __future__ import annotations

import argparse
import datetime as dt
import os
from typing import TYPE_CHECKING, Final

from kafkatco.cli.parser import Parser
from kafkatco.cli.prices_refresh import need_requests
from kafkatco.cli.urls import check_address, shown_address
from kafkatco.errors import InputError, Problem

if TYPE_CHECKING:
    from kafkatco.prices.results import InvoicePrices

__all__ = ["add_billed"]

#: The first day that may be asked for: before any bill.
FIRST: Final = dt.date(2015, 1, 1)
KEYS: Final = ("CONFLUENT_CLOUD_API_KEY", "CONFLUENT_CLOUD_API_SECRET")


def add_billed(parser: Parser) -> None:
    """Add the command to ``kafkatco prices``."""
    text = "The unit prices of your Confluent invoices, beside those of the tables."
    one = parser.add_answer("billed", _billed, text, scenario=False)
    one.add_argument("--from", dest="start", metavar="DATE", help="first day (last month's)")
    one.add_argument(
        "--to", dest="stop", metavar="DATE", help="the day after the last (this month's first)"
    )
    one.add_argument("--book", default="list", help="a book, or a folder of tables (list)")
    one.add_argument("--url", default="https://api.confluent.cloud", help="where the API is found")


def _billed(arguments: argparse.Namespace) -> InvoicePrices:
    need_requests()
    from kafkatco.prices import PriceBook
    from kafkatco.prices.invoice_prices import match_invoices
    from kafkatco.prices.refresh.confluent_invoices import billed_prices, read_costs
    from kafkatco.prices.refresh.http import Web
    from kafkatco.prices.refresh.source_helpers import key_problem
    from kafkatco.prices.results import InvoicePrices

    today = dt.datetime.now(dt.UTC).date()
    first = today.replace(day=1)
    given = {name: os.environ.get(name, "") for name in KEYS}
    wrong = [key_problem(key, name, "prices billed") for name, key in given.items()]
    problems = [problem for problem in wrong if problem]
    if expected := check_address(arguments.url):
        problems.append(Problem("--url", shown_address(arguments.url), expected))
    dates: list[Problem] = []
    before = (first - dt.timedelta(days=1)).replace(day=1)
    start = _date("--from", arguments.start, before, today, dates)
    stop = _date("--to", arguments.stop, first, today, dates)
    if not dates and not start < stop:
        dates.append(Problem("--to", stop.isoformat(), f"a day after {start.isoformat()}"))
    if problems or dates:
        raise InputError("prices billed", [*problems, *dates])
    book = PriceBook(arguments.book, as_of=min(stop, today))
    key, secret = given.values()
    url = arguments.url.rstrip("/")
    with Web() as web:
        lines = read_costs(web, start, stop, key=key, secret=secret, url=url)
    return InvoicePrices(match_invoices(billed_prices(lines), book), book)


def _date(
    option: str, text: str | None, usual: dt.date, today: dt.date, problems: list[Problem]
) -> dt.date:
    """Return a day that may be on a bill, or tomorrow: ``--to`` is the day after the last."""
    if text is None:
        return usual
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        problems.append(Problem(option, repr(text[:40]), "a date, YYYY-MM-DD"))
        return usual
    last = today + dt.timedelta(days=1)
    if not FIRST <= found <= last:
        expected = f"{FIRST.isoformat()} to {last.isoformat()}"
        problems.append(Problem(option, found.isoformat(), expected))
    return found
