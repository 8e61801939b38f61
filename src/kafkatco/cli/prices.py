"""``kafkatco prices``: look at the price tables, compare their dates, and check them."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kafkatco.cli.impact import IMPACT_HELP, asked_scenario, impact_of
from kafkatco.cli.parser import Parser
from kafkatco.errors import InputError, MissingPriceError, PriceTableError, Problem, nearest

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

__all__ = ["add_prices"]

CAPACITY: Final = "capacity"
#: The folders of the shipped tree.
SHIPPED: Final = ("article", "list", CAPACITY)


def add_prices(parser: Parser) -> None:
    """Add the commands on prices to the command line."""

    def on_book(sub: Parser, *, date: bool = True) -> None:
        sub.add_argument("--book", help="a book, or a folder of tables (list)")
        sub.add_argument("--region", help="the provider's own name of a region")
        if date:
            sub.add_argument("--as-of", metavar="DATE", help="the date that counts (today)")

    def on_prices(name: str, answer: Callable[[argparse.Namespace], Result], text: str) -> Parser:
        return parser.add_answer(name, answer, text, scenario=False)

    one = on_prices("list", _list, "What the tables hold; with a prefix, the prices.")
    one.add_argument("prefix", nargs="?", default="", help="how skus begin, such as aws.msk")
    one.add_argument("--variants", action="store_true", help="where sources contradict each other")
    on_book(one)
    one = on_prices("show", _show_price, "One price: its figure, source and history.")
    one.add_argument("sku", help="such as aws.msk.kafka.m7g.large")
    on_book(one)
    text = "Every price that changed between two dates, and what it moves."
    one = on_prices("diff", _diff, text)
    one.add_argument("before", metavar="DATE", help="such as 2025-10-31")
    one.add_argument("after", metavar="DATE")
    one.add_argument("prefix", nargs="?", default="", help="how skus begin")
    one.add_argument(
        "--impact",
        metavar="SCENARIO",
        help=f"{IMPACT_HELP}; at its own book unless --book is given; as CSV, of its bills alone",
    )
    on_book(one, date=False)
    text = "Whether the tables are whole, sane and as they were released."
    one = on_prices("check", _check, text)
    one.add_argument(
        "folder", nargs="?", help="price tables, or a tree of them; the shipped ones if left out"
    )
    one.add_argument("--lock", action="store_true", help="if so, lock every row that is there")


def _book(arguments: argparse.Namespace, as_of: str | None = None) -> PriceBook:
    from kafkatco.prices import PriceBook

    given = getattr(arguments, "as_of", None) if as_of is None else as_of
    name = "list" if arguments.book is None else arguments.book
    return PriceBook(name, as_of=_today() if given is None else given)


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _unknown(sku: str, book: PriceBook) -> InputError:
    expected = f"a sku of book {book.name!r} as of {book.as_of.isoformat()}"
    return InputError("prices", [Problem("sku", repr(sku), expected, nearest(sku, book.skus()))])


def _known_region(region: str | None, book: PriceBook, prefix: str) -> None:
    if region is not None and region not in book.regions(""):
        hint = nearest(region, book.regions(prefix) or book.regions(""), limit=40)
        problem = Problem("--region", repr(region), "a region with prices", hint)
        raise InputError("prices", [problem])


def _list(arguments: argparse.Namespace) -> PriceServices | PriceRows | PriceVariants:
    from kafkatco.prices.results import PriceRows, list_services, list_variants

    book, prefix, region = _book(arguments), arguments.prefix, arguments.region
    _known_region(region, book, prefix)
    if arguments.variants:
        variants = list_variants(book, prefix, region)
        if not variants.rows:
            expected = "how a figure with variants begins"
            raise InputError("prices", [Problem("prefix", repr(prefix), expected)])
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
        expected = f"a region with prices of {prefix!r}"
        raise InputError("prices", [Problem("--region", repr(region), expected, hint)])
    if not rows:
        raise _unknown(prefix, book)
    return PriceRows(book, rows)


def _show_price(arguments: argparse.Namespace) -> PriceHistory:
    from kafkatco.prices.results import PriceHistory

    book, sku = _book(arguments), arguments.sku
    _known_region(arguments.region, book, sku)
    known = book.recorded(sku)
    if not known:
        raise _unknown(sku, book)
    regions = tuple(known) if arguments.region is None else (arguments.region,)
    if not book.history(sku, regions[0]):
        hint = f"It has a price in: {', '.join(known)}."
        raise MissingPriceError(f"price of {sku!r} in region {regions[0]!r}", "the tables", hint)
    return PriceHistory(book, sku, regions)


def _diff(arguments: argparse.Namespace) -> PriceChanges | PriceImpact:
    from kafkatco.prices import price_changes
    from kafkatco.prices.results import PriceChanges, PriceImpact

    scenario, before, after = _asked(arguments)
    if before.as_of > after.as_of:
        expected = f"a date from {before.as_of.isoformat()} on"
        raise InputError("prices", [Problem("DATE", arguments.after, expected)])
    _known_region(arguments.region, after, arguments.prefix)
    if arguments.prefix and not after.skus(arguments.prefix):
        raise _unknown(arguments.prefix, after)
    items = price_changes(before, after, prefix=arguments.prefix, region=arguments.region)
    changes = PriceChanges(items, before, after)
    if scenario is None:
        return changes
    return PriceImpact(changes, impact_of(scenario, before, after))


def _asked(arguments: argparse.Namespace) -> tuple[Scenario | None, PriceBook, PriceBook]:
    """Return the scenario of a diff, if it has one, and its book on both dates."""
    dates = arguments.before, arguments.after
    if arguments.impact is None:
        before, after = (_book(arguments, date) for date in dates)
        return None, before, after
    _, before = asked_scenario(arguments.impact, as_of=dates[0], book=arguments.book)
    scenario, after = asked_scenario(arguments.impact, as_of=dates[1], book=arguments.book)
    return scenario, before, after


def _check(arguments: argparse.Namespace) -> CheckedTables:
    from kafkatco.costing.completeness import uncovered
    from kafkatco.prices import bands, check
    from kafkatco.prices import release_lock as locks
    from kafkatco.prices.csv_tables import pricing_root
    from kafkatco.prices.results import CheckedTables

    root = pricing_root() if arguments.folder is None else Path(arguments.folder).resolve()
    if arguments.folder == "" or not root.is_dir():
        problem = Problem("folder", repr(arguments.folder), "a folder of price tables")
        raise InputError("prices", [problem])
    today, found = _today(), {}
    tree = any((root / name).is_dir() for name in SHIPPED)
    own = arguments.folder is None or (tree and (root / "bands.csv").exists())
    limits, problems = bands.read_bands(root if own else pricing_root())
    limits = () if problems else limits
    for folder in [root / name for name in SHIPPED] if tree else [root]:
        if not folder.is_dir():
            problems.append(Problem(folder.name, "no such folder", "the tables of this name"))
        elif folder.name == CAPACITY:
            found[folder] = check.check_capacities(folder, today=today)
        else:
            found[folder] = check.check_prices(folder, today=today, bands=limits)
    for folder, checked in found.items():
        problems += checked.problems
        if tree and not (folder / locks.LOCK).is_file() and not arguments.lock:
            expected = f"{locks.LOCK}, which holds the released rows"
            problems.append(Problem(folder.name, "no lock", expected))
    if not problems:  # a table that cannot be read lacks everything
        books = [folder for folder in found if folder.name != CAPACITY]
        problems = [problem for folder in books for problem in uncovered(folder, today)]
    if problems:
        raise PriceTableError("prices check", problems)
    locked = tuple(
        str(path)
        for folder, checked in (found.items() if arguments.lock else ())
        if (path := locks.write_lock(folder, checked.rows))
    )
    rows = (
        (folder.name, len(checked.rows), locks.count_locked(folder), checked.sha256)
        for folder, checked in found.items()
    )
    return CheckedTables(tuple(rows), locked)
