"""``kafkatco prices billed``: the unit prices of your invoices against the tables."""

from __future__ import annotations

import argparse
import datetime as dt
import os
from typing import TYPE_CHECKING, Final

from kafkatco.cli.parser import Parser
from kafkatco.cli.prices import BOOK_HELP
from kafkatco.cli.prices_refresh import need_requests
from kafkatco.cli.urls import check_url, shown_url
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import _

if TYPE_CHECKING:
    from kafkatco.prices.results import InvoicePrices

__all__ = ["add_billed"]

#: The earliest valid day: before any bill.
FIRST: Final = dt.date(2015, 1, 1)
KEYS: Final = ("CONFLUENT_CLOUD_API_KEY", "CONFLUENT_CLOUD_API_SECRET")


def add_billed(parser: Parser) -> None:
    """Add the command to ``kafkatco prices``."""
    text = _("Compare the unit prices of your Confluent invoices with the tables.")
    sub = parser.add_answer("billed", _billed, text, scenario=False)
    sub.add_argument(
        "--from", dest="start", metavar="DATE", help=_("first day (default: that of last month)")
    )
    sub.add_argument(
        "--to",
        dest="stop",
        metavar="DATE",
        help=_("day after the last day (default: the first of this month)"),
    )
    sub.add_argument("--book", default="list", help=BOOK_HELP)
    sub.add_argument("--url", default="https://api.confluent.cloud", help=_("URL of the API"))


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
    keys = {name: os.environ.get(name, "") for name in KEYS}
    checked = [key_problem(key, name, "prices billed") for name, key in keys.items()]
    problems = [problem for problem in checked if problem]
    if expected := check_url(arguments.url):
        problems.append(Problem("--url", shown_url(arguments.url), expected))
    dates: list[Problem] = []
    before = (first - dt.timedelta(days=1)).replace(day=1)
    start = _date("--from", arguments.start, before, today, dates)
    stop = _date("--to", arguments.stop, first, today, dates)
    if not dates and not start < stop:
        dates.append(
            Problem("--to", stop.isoformat(), _("a day after {date}", date=start.isoformat()))
        )
    if problems or dates:
        raise InputError("", [*problems, *dates])
    book = PriceBook(arguments.book, as_of=min(stop, today))
    key, secret = keys.values()
    url = arguments.url.rstrip("/")
    with Web() as web:
        lines = read_costs(web, start, stop, key=key, secret=secret, url=url)
    return InvoicePrices(match_invoices(billed_prices(lines), book), book)


def _date(
    option: str, text: str | None, usual: dt.date, today: dt.date, problems: list[Problem]
) -> dt.date:
    """Return the day of an option, at most tomorrow: ``--to`` is the day after the last."""
    if text is None:
        return usual
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        problems.append(Problem(option, repr(text[:40]), _("a date, YYYY-MM-DD")))
        return usual
    last = today + dt.timedelta(days=1)
    if not FIRST <= day <= last:
        first_and_last = {"first": FIRST.isoformat(), "last": last.isoformat()}
        expected = _("a date from {first} to {last}", **first_and_last)
        problems.append(Problem(option, day.isoformat(), expected))
    return day
