"""``kafkatco prices billed``: what one's own invoices charge, beside the tables."""

from __future__ import annotations

import argparse
import datetime as dt
import os
from collections.abc import Callable
from typing import Final

from kafkatco.cli_refresh import need_requests
from kafkatco.errors import InputError, Problem
from kafkatco.output import show_csv, show_json, show_tables

__all__ = ["add_billed"]

KEYS: Final = ("CONFLUENT_CLOUD_API_KEY", "CONFLUENT_CLOUD_API_SECRET")


def add_billed(
    command: Callable[..., argparse.ArgumentParser],
    formats: Callable[[argparse.ArgumentParser], None],
) -> None:
    """Add the command to ``kafkatco prices``."""
    text = "The unit prices of your Confluent invoices, beside those of the tables."
    one = command("billed", _billed, text)
    one.add_argument("--from", dest="start", metavar="DATE", help="first day (last month's)")
    one.add_argument(
        "--to", dest="stop", metavar="DATE", help="the day after the last (this month's first)"
    )
    one.add_argument("--book", default="list", help="a book, or a folder of tables (list)")
    one.add_argument("--url", default="https://api.confluent.cloud", help="where the API is found")
    formats(one)


def _billed(arguments: argparse.Namespace) -> None:
    need_requests()
    from kafkatco.display.billed import BILLED_COLUMNS, billed_rows, billed_table
    from kafkatco.prices import PriceBook
    from kafkatco.refresh.billed import beside
    from kafkatco.refresh.confluent_costs import billed_prices, read_costs
    from kafkatco.refresh.web import Web

    today = dt.datetime.now(dt.UTC).date()
    first = today.replace(day=1)
    problems = [
        Problem("prices billed", "no key", f"{name} in the environment")
        for name in KEYS
        if not os.environ.get(name)
    ]
    start = _date(
        "--from", arguments.start, (first - dt.timedelta(days=1)).replace(day=1), problems
    )
    stop = _date("--to", arguments.stop, first, problems)
    if not start < stop:
        problems.append(Problem("--to", stop.isoformat(), f"a day after {start.isoformat()}"))
    if problems:
        raise InputError("prices billed", problems)
    book = PriceBook(arguments.book, as_of=min(stop, today))
    key, secret = (os.environ[name] for name in KEYS)
    with Web() as web:
        lines = read_costs(web, start, stop, key=key, secret=secret, url=arguments.url)
        found = beside(billed_prices(lines), book)
    if arguments.format == "table":
        show_tables([billed_table(found, book)])
    elif arguments.format == "csv":
        rows = [[*row[:6], "; ".join(row[6]), row[7] or ""] for row in billed_rows(found)]
        show_csv(BILLED_COLUMNS, rows)
    else:
        billed = [dict(zip(BILLED_COLUMNS, row, strict=True)) for row in billed_rows(found)]
        show_json({"prices": book.describe(), "billed": billed})


def _date(option: str, text: str | None, usual: dt.date, problems: list[Problem]) -> dt.date:
    if text is None:
        return usual
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        problems.append(Problem(option, repr(text), "a date, YYYY-MM-DD"))
        return usual
