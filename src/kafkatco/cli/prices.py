"""``kafkatco prices``: look up prices, compare their dates, and check the tables."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kafkatco.cli.impact import IMPACT_HELP, impact_of, scenario_on
from kafkatco.cli.parser import Parser
from kafkatco.errors import InputError, MissingPriceError, PriceTableError, Problem, nearest
from kafkatco.i18n.message import Message, _, join

if TYPE_CHECKING:
    from kafkatco.core.result import Result
    from kafkatco.prices import PriceBook
    from kafkatco.prices.results import (
        CheckedTables,
        PriceChanges,
        PriceHistory,
        PriceImpact,
        PriceRows,
        PriceServices,
        PriceVariants,
    )
    from kafkatco.scenario.scenario import Scenario

__all__ = ["BOOK_HELP", "add_prices"]

BOOK_HELP: Final = _("a price book, or a folder of tables (default: list)")
CAPACITY: Final = "capacity"
#: The folders of the shipped tree.
SHIPPED: Final = ("article", "list", CAPACITY)


def add_prices(parser: Parser) -> None:
    """Add the commands on prices to the command line."""

    def add_book(sub: Parser, *, date: bool = True) -> None:
        sub.add_argument("--book", help=BOOK_HELP)
        sub.add_argument("--region", help=_("a region, as its provider names it"))
        if date:
            text = _("use the prices of this date (default: today)")
            sub.add_argument("--as-of", metavar="DATE", help=text)

    def add(name: str, answer: Callable[[argparse.Namespace], Result], text: Message) -> Parser:
        return parser.add_answer(name, answer, text, scenario=False)

    sub = add("list", _list, _("List the services that have prices, or the prices of a prefix."))
    sub.add_argument("prefix", nargs="?", default="", help=_("start of the skus, such as aws.msk"))
    sub.add_argument(
        "--variants",
        action="store_true",
        help=_("list the figures on which sources contradict each other"),
    )
    add_book(sub)
    sub = add("show", _show_price, _("Show a price: its value, source and history."))
    sub.add_argument("sku", help=_("such as aws.msk.kafka.m7g.large"))
    add_book(sub)
    text = _("List the prices that changed between two dates, and the results that change.")
    sub = add("diff", _diff, text)
    sub.add_argument("before", metavar="DATE", help=_("such as 2025-10-31"))
    sub.add_argument("after", metavar="DATE", help=_("such as 2026-10-31"))
    sub.add_argument("prefix", nargs="?", default="", help=_("start of the skus, such as aws.msk"))
    sub.add_argument(
        "--impact",
        metavar="SCENARIO",
        help=join(
            "; ",
            [IMPACT_HELP, _("uses its own book unless --book is given; CSV has only its bills")],
        ),
    )
    add_book(sub, date=False)
    text = _("Check that the tables are complete, valid and as they were released.")
    sub = add("check", _check, text)
    sub.add_argument(
        "folder",
        nargs="?",
        help=_("a folder of price tables, or of books (default: the package's)"),
    )
    sub.add_argument("--lock", action="store_true", help=_("if they are, lock all their rows"))


def _book(arguments: argparse.Namespace, as_of: str | None = None) -> PriceBook:
    from kafkatco.prices import PriceBook

    date = getattr(arguments, "as_of", None) if as_of is None else as_of
    name = "list" if arguments.book is None else arguments.book
    return PriceBook(name, as_of=_today() if date is None else date)


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _unknown(sku: str, book: PriceBook) -> InputError:
    expected = _(
        "a sku of book {book} as of {date}", book=repr(book.name), date=book.as_of.isoformat()
    )
    return InputError("", [Problem("sku", repr(sku), expected, nearest(sku, book.skus()))])


def _check_region(region: str | None, book: PriceBook, prefix: str) -> None:
    if region is not None and region not in book.regions(""):
        hint = nearest(region, book.regions(prefix) or book.regions(""), limit=40)
        raise InputError("", [Problem("--region", repr(region), _("a region with prices"), hint)])


def _list(arguments: argparse.Namespace) -> PriceServices | PriceRows | PriceVariants:
    from kafkatco.prices.results import PriceRows, list_services, list_variants

    book, prefix, region = _book(arguments), arguments.prefix, arguments.region
    _check_region(region, book, prefix)
    if arguments.variants:
        variants = list_variants(book, prefix, region)
        if not variants.rows:
            expected = _("the start of a figure that has variants")
            raise InputError("", [Problem("prefix", repr(prefix), expected)])
        return variants
    if not prefix and region is None:
        return list_services(book)
    rows = tuple(
        row
        for sku in book.skus(prefix)
        for where in book.regions_of(sku)
        if region is None or where in (region, "any")
        for row in book.listed(sku, where)
    )
    if not rows and book.skus(prefix):
        hint = nearest(region, book.regions(prefix), limit=40)
        expected = _("a region with prices of {sku}", sku=repr(prefix))
        raise InputError("", [Problem("--region", repr(region), expected, hint)])
    if not rows:
        raise _unknown(prefix, book)
    return PriceRows(book, rows)


def _show_price(arguments: argparse.Namespace) -> PriceHistory:
    from kafkatco.prices.regions import priced_regions
    from kafkatco.prices.results import PriceHistory

    book, sku = _book(arguments), arguments.sku
    _check_region(arguments.region, book, sku)
    recorded = book.recorded(sku)
    if not recorded:
        raise _unknown(sku, book)
    regions = tuple(recorded) if arguments.region is None else (arguments.region,)
    if not book.history(sku, regions[0]):
        hint = priced_regions(regions[0], recorded)
        price = _("price of {sku} in region {region}", sku=repr(sku), region=repr(regions[0]))
        raise MissingPriceError(price, _("the tables"), hint)
    return PriceHistory(book, sku, regions)


def _diff(arguments: argparse.Namespace) -> PriceChanges | PriceImpact:
    from kafkatco.prices import price_changes
    from kafkatco.prices.results import PriceChanges, PriceImpact

    scenario, before, after = _on_both_dates(arguments)
    if before.as_of > after.as_of:
        expected = _("{date} or later", date=before.as_of.isoformat())
        raise InputError("", [Problem("DATE", arguments.after, expected)])
    _check_region(arguments.region, after, arguments.prefix)
    if arguments.prefix and not after.skus(arguments.prefix):
        raise _unknown(arguments.prefix, after)
    rows = price_changes(before, after, prefix=arguments.prefix, region=arguments.region)
    changes = PriceChanges(rows, before, after)
    if scenario is None:
        return changes
    return PriceImpact(changes, impact_of(scenario, before, after))


def _on_both_dates(arguments: argparse.Namespace) -> tuple[Scenario | None, PriceBook, PriceBook]:
    """Return the scenario of a diff, if it has one, and its book on both dates."""
    dates = arguments.before, arguments.after
    if arguments.impact is None:
        before, after = (_book(arguments, date) for date in dates)
        return None, before, after
    before = scenario_on(dates[0], arguments.impact, book=arguments.book)[1]
    scenario, after = scenario_on(dates[1], arguments.impact, book=arguments.book)
    return scenario, before, after


def _check(arguments: argparse.Namespace) -> CheckedTables:
    from kafkatco.costing.completeness import uncovered
    from kafkatco.prices import bands, check
    from kafkatco.prices import release_lock as locks
    from kafkatco.prices.csv_tables import pricing_root
    from kafkatco.prices.results import CheckedTables

    root = pricing_root() if arguments.folder is None else Path(arguments.folder).resolve()
    if arguments.folder == "" or not root.is_dir():
        expected = _("a folder of price tables")
        raise InputError("", [Problem("folder", repr(arguments.folder), expected)])
    today, checked = _today(), {}
    tree = any((root / name).is_dir() for name in SHIPPED)
    own = arguments.folder is None or (tree and (root / "bands.csv").exists())
    limits, problems = bands.read_bands(root if own else pricing_root())
    limits = () if problems else limits
    for folder in [root / name for name in SHIPPED] if tree else [root]:
        if not folder.is_dir():
            problems.append(Problem(folder.name, "", _("folder not found")))
        elif folder.name == CAPACITY:
            checked[folder] = check.check_capacities(folder, today=today)
        else:
            checked[folder] = check.check_prices(folder, today=today, bands=limits)
    for folder, tables in checked.items():
        problems += tables.problems
        if tree and not (folder / locks.LOCK).is_file() and not arguments.lock:
            text = _("file not found: {file}, which locks the released rows", file=locks.LOCK)
            problems.append(Problem(folder.name, "", text))
    if not problems:  # otherwise every price of an unreadable table would be missing
        books = [folder for folder in checked if folder.name != CAPACITY]
        problems = [problem for folder in books for problem in uncovered(folder, today)]
    if problems:
        raise PriceTableError("prices check", problems)
    locked = tuple(
        str(path)
        for folder, tables in (checked.items() if arguments.lock else ())
        if (path := locks.write_lock(folder, tables.rows))
    )
    rows = (
        (folder.name, len(tables.rows), locks.count_locked(folder), tables.sha256)
        for folder, tables in checked.items()
    )
    return CheckedTables(tuple(rows), locked)
