"""``kafkatco prices add`` and ``copy``: tables of one's own, and prices entered by hand."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kafkatco.cli.console import spoken, tell
from kafkatco.cli.parser import Parser
from kafkatco.errors import InputError, Problem, nearest

if TYPE_CHECKING:
    from kafkatco.prices.rows import PriceRow

__all__ = ["add_add"]


def add_add(parser: Parser) -> None:
    """Add the command to ``kafkatco prices``."""
    one = parser.add_command(
        "add", _add, "Enter a price by hand: asks for what is not given, and checks it."
    )
    one.add_argument("sku", help="such as confluent.basic.ecku")
    one.add_argument("--region", default="any", help="the provider's own name of a region (any)")
    one.add_argument("--price", help="such as 0.05, or 0:0.05,10240:0.04 in tiers, or quote")
    one.add_argument("--currency", help="such as USD")
    one.add_argument("--unit", help="what it is for, such as hour or GiB-month")
    one.add_argument("--valid-from", metavar="DATE", help="since when, as the source says")
    one.add_argument("--source", help="the page, file or document that says so")
    one.add_argument("--confidence", help="official, secondary, derived, assumption or user")
    one.add_argument("--note", help="what one of it is, what is not said, the arithmetic")
    one.add_argument("--table", metavar="FILE", help="the table of a new sku: confluent/new.csv")
    one.add_argument("--book", default="list", help="a book, or a folder of tables (list)")
    one.add_argument("--accept", action="store_true", help="also a leap by a factor of ten")
    one = parser.add_command(
        "copy", _copy, "Copy a book's tables to a folder of your own, to change there."
    )
    one.add_argument("folder", help="a folder that is not there yet, or empty")
    one.add_argument("--book", default="list", help="a book, or a folder of tables (list)")


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
    rows, _ = read_prices(folder)
    tables = homes(rows)
    problems += _place(sku, arguments.table, tables)
    if problems:
        raise InputError("prices add", problems)
    tables.setdefault(sku, arguments.table)
    last = book.listed(sku, region)
    if last:
        price = f"{price_text(last)} {last[0].currency} per {last[0].unit}"
        since = f"since {last[0].valid_from.isoformat()} ({last[0].where})"
        tell(f"{sku} in {region}: {price}, {since}")
    given = _answers(arguments, last, today)
    added = entered(sku, region, given, last, today=today, accept=arguments.accept)
    try:
        for name, text in (("sku", sku), ("region", region)):
            PRICES.columns[name](text)
    except ValueError as error:
        raise InputError("prices add", [Problem(name, repr(text), *error.args)]) from None
    with writing(folder):
        changed = with_rows(folder, added, tables)
        found = new_problems(folder, changed, today=today)
        if found:
            raise InputError("prices add", found)
        replace_files(folder, changed)
    tell(
        f"added to {folder / tables[sku]}: {price_text(added)} {added[0].currency} "
        f"per {added[0].unit} from {added[0].valid_from.isoformat()}"
    )


def _copy(arguments: argparse.Namespace) -> None:
    from kafkatco.core.files import replace_files, writing
    from kafkatco.prices.append import book_files
    from kafkatco.prices.history import folder_of, shipped_books

    problems = list[Problem]()
    source, folder = folder_of(arguments.book, problems), Path(arguments.folder)
    free = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
    given = repr(arguments.folder)
    if not free or arguments.folder == "":
        problems.append(Problem("folder", given, "a folder that is not there yet, or empty"))
    elif arguments.folder in shipped_books():  # --book would mean the one of the package
        problems.append(Problem("folder", given, "a name that no book of the package has"))
    elif folder.resolve().is_relative_to(source):
        problems.append(Problem("folder", given, "a folder outside the book that is copied"))
    if problems:
        raise InputError("prices copy", problems)
    files = book_files(source)
    folder.mkdir(parents=True, exist_ok=True)
    with writing(folder):
        replace_files(folder, files)
    tell(
        f"copied {len(files)} files to {folder}: use them with --book {folder}, "
        f'or in a scenario with [prices] book = "{folder}"'
    )


def _place(sku: str, table: str | None, tables: dict[str, str]) -> list[Problem]:
    """Find what is wrong with the table that a price is to go to."""
    if sku in tables and table not in (None, tables[sku]):
        return [Problem("--table", repr(table), f"{tables[sku]!r}, where {sku} has its rows")]
    if sku in tables:
        return []
    if table is None:
        expected = "a sku of the tables, or --table for a new one"
        return [Problem("sku", repr(sku), expected, nearest(sku, tables))]
    path = Path(table)
    hidden = any(part.startswith(".") for part in path.parts)  # also of "..", which leaves the book
    in_table = any(parent.suffix == ".csv" for parent in path.parents)
    if path.is_absolute() or hidden or in_table or path.suffix != ".csv":
        return [Problem("--table", repr(table), "a CSV file in the book, such as aws/msk.csv")]
    return []


def _answers(
    arguments: argparse.Namespace, last: Sequence[PriceRow], today: dt.date
) -> dict[str, Any]:
    """Return the value of each question: as given, or else as answered on the terminal."""
    from kafkatco.prices.manual_entry import QUESTIONS, answer

    given, problems = dict[str, Any](), list[Problem]()
    for column in QUESTIONS:
        text = getattr(arguments, column)
        if text is None:
            continue
        try:
            given[column] = answer(column, text)
        except ValueError as error:
            option = "--" + column.replace("_", "-")
            problems.append(Problem(option, repr(text), *error.args))
    if problems:
        raise InputError("prices add", problems)
    usual = {"currency": "USD", "confidence": "official", "note": "", "valid_from": str(today)}
    if last:
        usual |= {"currency": last[0].currency, "unit": last[0].unit}
    for column, question in QUESTIONS.items():
        if column not in given:
            given[column] = _ask(column, question, usual.get(column))
    return given


def _ask(column: str, question: str, usual: str | None) -> Any:
    """Ask until there is an answer that can be read; an empty one takes what is usual."""
    from kafkatco.prices.manual_entry import answer

    shown = f" [{usual}]" if usual else ""
    while True:
        try:
            text = input(f"{spoken(question)}{shown}: ").strip() or usual
        except (EOFError, UnicodeDecodeError):
            option = "--" + column.replace("_", "-")
            problem = Problem(option, "no answer", f"the {question.partition(':')[0]}")
            raise InputError("prices add", [problem]) from None
        try:
            return answer(column, text or "")
        except ValueError as error:
            expected, hint = error.args
            tell(f"  expected {expected}. {hint}".rstrip())
