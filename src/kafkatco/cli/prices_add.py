"""``kafkatco prices add`` and ``copy``: your own tables, and prices entered by hand."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kafkatco.cli.console import print_line
from kafkatco.cli.parser import Parser
from kafkatco.cli.prices import BOOK_HELP
from kafkatco.cli.questions import ask
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import _, ngettext

if TYPE_CHECKING:
    from kafkatco.prices.rows import PriceRow

__all__ = ["add_add"]


def add_add(parser: Parser) -> None:
    """Add the command to ``kafkatco prices``."""
    sub = parser.add_command(
        "add", _add, _("Enter a price by hand; asks for the missing fields, and checks the price.")
    )
    sub.add_argument("sku", help=_("such as confluent.basic.ecku"))
    sub.add_argument(
        "--region", default="any", help=_("a region, as its provider names it (default: any)")
    )
    sub.add_argument(
        "--price", help=_("such as 0.05, or tiers such as 0:0.05,10240:0.04, or quote")
    )
    sub.add_argument("--currency", help=_("such as USD"))
    sub.add_argument("--unit", help=_("unit of the quantity, such as hour or GiB-month"))
    sub.add_argument(
        "--valid-from", metavar="DATE", help=_("first day of the price, according to the source")
    )
    sub.add_argument("--source", help=_("the page, file or document with the price"))
    sub.add_argument("--confidence", help=_("official, secondary, derived, assumption or user"))
    sub.add_argument(
        "--note", help=_("what one unit is, what the source leaves open, the arithmetic")
    )
    sub.add_argument(
        "--table", metavar="FILE", help=_("the table of a new sku, such as confluent/new.csv")
    )
    sub.add_argument("--book", default="list", help=BOOK_HELP)
    sub.add_argument(
        "--accept", action="store_true", help=_("accept a change by a factor of ten or more")
    )
    sub = parser.add_command(
        "copy", _copy, _("Copy the tables of a book to a folder of your own, to change them there.")
    )
    sub.add_argument("folder", help=_("a new or empty folder"))
    sub.add_argument("--book", default="list", help=BOOK_HELP)


def _add(arguments: argparse.Namespace) -> None:
    from kafkatco.core.files import replace_files, writing
    from kafkatco.prices import PriceBook
    from kafkatco.prices.append import homes, new_problems, with_rows
    from kafkatco.prices.columns import PRICES
    from kafkatco.prices.csv_tables import read_prices
    from kafkatco.prices.history import own_folder_of
    from kafkatco.prices.manual_entry import entered, price_text

    sku, region = arguments.sku, arguments.region
    today = dt.datetime.now(dt.UTC).date()
    book = PriceBook(arguments.book, as_of=today)
    problems = list[Problem]()
    folder = own_folder_of(arguments.book, problems)
    tables = homes(read_prices(folder)[0])
    problems += _place(sku, arguments.table, tables)
    if problems:
        raise InputError("", problems)
    tables.setdefault(sku, arguments.table)
    last = book.listed(sku, region)
    if last:
        text = _(
            "{sku} in {region}: {price} {currency} per {unit}, since {date} ({row})",
            sku=sku,
            region=region,
            price=price_text(last),
            currency=last[0].currency,
            unit=last[0].unit,
            date=last[0].valid_from.isoformat(),
            row=last[0].where,
        )
        print_line(text)
    values = _answers(arguments, last, today)
    added = entered(sku, region, values, last, today=today, accept=arguments.accept)
    try:
        for name, text in (("sku", sku), ("region", region)):
            PRICES.columns[name](text)
    except ValueError as error:
        raise InputError("", [Problem(name, repr(text), *error.args)]) from None
    with writing(folder):
        changed = with_rows(folder, added, tables)
        invalid = new_problems(folder, changed, today=today)
        if invalid:
            raise InputError("", invalid)
        replace_files(folder, changed)
    text = _(
        "added to {file}: {price} {currency} per {unit} from {date}",
        file=folder / tables[sku],
        price=price_text(added),
        currency=added[0].currency,
        unit=added[0].unit,
        date=added[0].valid_from.isoformat(),
    )
    print_line(text)


def _copy(arguments: argparse.Namespace) -> None:
    from kafkatco.core.files import replace_files, writing
    from kafkatco.prices.append import book_files
    from kafkatco.prices.history import folder_of, shipped_books

    problems = list[Problem]()
    source, folder = folder_of(arguments.book, problems), Path(arguments.folder)
    free = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
    expected = None
    if not free or arguments.folder == "":
        expected = _("a new or empty folder")
    elif arguments.folder in shipped_books():  # --book would mean the one of the package
        expected = _("a name that no book of the package has")
    elif folder.resolve().is_relative_to(source):
        expected = _("a folder outside the copied book")
    if expected is not None:
        problems.append(Problem("folder", repr(arguments.folder), expected))
    if problems:
        raise InputError("", problems)
    files = book_files(source)
    folder.mkdir(parents=True, exist_ok=True)
    with writing(folder):
        replace_files(folder, files)
    text = ngettext(
        "copied {n} file to {folder}: use it with --book {folder}, or in a scenario with "
        '[prices] book = "{folder}"',
        "copied {n} files to {folder}: use them with --book {folder}, or in a scenario with "
        '[prices] book = "{folder}"',
        len(files),
        folder=folder,
    )
    print_line(text)


def _place(sku: str, table: str | None, tables: dict[str, str]) -> list[Problem]:
    """Return the problems of the table for the new price."""
    if sku in tables and table not in (None, tables[sku]):
        expected = _("{table}, which has the rows of {sku}", table=repr(tables[sku]), sku=sku)
        return [Problem("--table", repr(table), expected)]
    if sku in tables:
        return []
    if table is None:
        expected = _("a sku of the tables, or --table for a new one")
        return [Problem("sku", repr(sku), expected, nearest(sku, tables))]
    path = Path(table)
    hidden = any(part.startswith(".") for part in path.parts)  # also of "..", which leaves the book
    in_table = any(parent.suffix == ".csv" for parent in path.parents)
    if path.is_absolute() or hidden or in_table or path.suffix != ".csv":
        return [Problem("--table", repr(table), _("a CSV file in the book, such as aws/msk.csv"))]
    return []


def _answers(
    arguments: argparse.Namespace, last: Sequence[PriceRow], today: dt.date
) -> dict[str, Any]:
    """Return the value of each field: of its option, or else as entered on the terminal."""
    from kafkatco.prices.manual_entry import QUESTIONS, answer

    values, problems = dict[str, Any](), list[Problem]()
    for column in QUESTIONS:
        text = getattr(arguments, column)
        if text is None:
            continue
        try:
            values[column] = answer(column, text)
        except ValueError as error:
            option = "--" + column.replace("_", "-")
            problems.append(Problem(option, repr(text), *error.args))
    if problems:
        raise InputError("", problems)
    usual = {"currency": "USD", "confidence": "official", "note": "", "valid_from": str(today)}
    if last:
        usual |= {"currency": last[0].currency, "unit": last[0].unit}
    for column, question in QUESTIONS.items():
        if column not in values:
            option = "--" + column.replace("_", "-")
            values[column] = ask(option, question, usual.get(column), partial(answer, column))
    return values
