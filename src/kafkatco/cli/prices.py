"""``kafkatco prices``: look at the price tables, compare their dates, and check them."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kafkatco.cli.console import show_csv, show_json, show_markdown, show_tables
from kafkatco.cli.impact import IMPACT_HELP, asked_scenario, impact_of
from kafkatco.errors import InputError, MissingPriceError, PriceTableError, Problem, nearest

if TYPE_CHECKING:
    from kafkatco.core.table import Table
    from kafkatco.prices import PriceBook
    from kafkatco.scenario.scenario import Scenario

__all__ = ["add_prices"]

Adder = Callable[..., argparse.ArgumentParser]
CAPACITY: Final = "capacity"
#: The folders of the shipped tree.
SHIPPED: Final = ("article", "list", CAPACITY)


def add_prices(command: Adder, formats: Callable[[argparse.ArgumentParser], None]) -> None:
    """Add the commands on prices to the command line."""

    def on_book(sub: argparse.ArgumentParser, *, date: bool = True) -> None:
        if date:
            formats(sub)
        sub.add_argument("--book", help="a book, or a folder of tables (list)")
        sub.add_argument("--region", help="the provider's own name of a region")
        if date:
            sub.add_argument("--as-of", metavar="DATE", help="the date that counts (today)")

    one = command("list", _list, "What the tables hold; with a prefix, the prices.")
    one.add_argument("prefix", nargs="?", default="", help="how skus begin, such as aws.msk")
    one.add_argument("--variants", action="store_true", help="where sources contradict each other")
    on_book(one)
    one = command("show", _show_price, "One price: its figure, source and history.")
    one.add_argument("sku", help="such as aws.msk.kafka.m7g.large")
    on_book(one)
    one = command("diff", _diff, "Every price that changed between two dates, and what it moves.")
    one.add_argument("before", metavar="DATE", help="such as 2025-10-31")
    one.add_argument("after", metavar="DATE")
    one.add_argument("prefix", nargs="?", default="", help="how skus begin")
    one.add_argument(
        "--impact",
        metavar="SCENARIO",
        help=f"{IMPACT_HELP}; at its own book unless --book is given; as CSV, of its bills alone",
    )
    one.add_argument("--format", choices=("table", "json", "csv", "markdown"), default="table")
    on_book(one, date=False)
    one = command("check", _check, "Whether the tables are whole, sane and as they were released.")
    one.add_argument(
        "folder", nargs="?", help="price tables, or a tree of them; the shipped ones if left out"
    )
    one.add_argument("--lock", action="store_true", help="if so, lock every row that is there")
    formats(one)


def _show(
    form: str,
    tables: Sequence[Table],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    value: dict[str, Any],
    key: str = "rows",
) -> None:
    """Print a result: its tables, its rows as CSV, or ``value`` and its rows as JSON."""
    if form == "table":
        show_tables(tables)
    elif form == "markdown":
        show_markdown(tables)
    elif form == "csv":
        show_csv(columns, rows)
    else:
        found = [dict(zip(columns, row, strict=True)) for row in rows]
        show_json({**value, key: found})


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


def _list(arguments: argparse.Namespace) -> None:
    from kafkatco.output.views import prices as display

    book, form = _book(arguments), arguments.format
    about = {"prices": book.describe()}
    _known_region(arguments.region, book, arguments.prefix)
    if arguments.variants:
        variants = display.variant_rows(book, arguments.prefix, arguments.region)
        if not variants:
            expected = "how a figure with variants begins"
            raise InputError("prices", [Problem("prefix", repr(arguments.prefix), expected)])
        tables = [display.variants_table(book, variants)]
        _show(form, tables, display.VARIANT_COLUMNS, variants, about, "variants")
        return
    if not arguments.prefix and arguments.region is None:
        services = display.services(book)
        tables = [display.services_table(book, services)]
        _show(form, tables, display.SERVICE_COLUMNS, services, about, "services")
        return
    rows = [
        row
        for sku in book.skus(arguments.prefix)
        for region in book.regions_of(sku)
        if arguments.region is None or region in (arguments.region, "any")
        for row in book.listed(sku, region)
    ]
    if not rows and book.skus(arguments.prefix):
        hint = nearest(arguments.region, book.regions(arguments.prefix), limit=40)
        expected = f"a region with prices of {arguments.prefix!r}"
        problem = Problem("--region", repr(arguments.region), expected, hint)
        raise InputError("prices", [problem])
    if not rows:
        raise _unknown(arguments.prefix, book)
    cells = [list(display.price_dict(row).values()) for row in rows]
    _show(form, [display.rows_table(book, rows)], display.PRICE_COLUMNS, cells, about)


def _show_price(arguments: argparse.Namespace) -> None:
    from kafkatco.output.views import prices as display

    book, sku = _book(arguments), arguments.sku
    _known_region(arguments.region, book, sku)
    known = book.recorded(sku)
    if not known:
        raise _unknown(sku, book)
    regions = list(known) if arguments.region is None else [arguments.region]
    if not book.history(sku, regions[0]):
        hint = f"It has a price in: {', '.join(known)}."
        raise MissingPriceError(f"price of {sku!r} in region {regions[0]!r}", "the tables", hint)
    if arguments.format == "json":
        found = [display.history_dict(sku, region, book) for region in regions]
        show_json({"prices": book.describe(), "skus": found})
        return
    rows = [row for region in regions for row in book.history(sku, region)]
    cells = [list(display.price_dict(row).values()) for row in rows]
    tables = [display.history_table(sku, region, book) for region in regions]
    _show(arguments.format, tables, display.PRICE_COLUMNS, cells, {})


def _diff(arguments: argparse.Namespace) -> None:
    from kafkatco.output.views import prices as display
    from kafkatco.prices import price_changes

    scenario, before, after = _asked(arguments)
    if before.as_of > after.as_of:
        expected = f"a date from {before.as_of.isoformat()} on"
        raise InputError("prices", [Problem("DATE", arguments.after, expected)])
    _known_region(arguments.region, after, arguments.prefix)
    if arguments.prefix and not after.skus(arguments.prefix):
        raise _unknown(arguments.prefix, after)
    found = price_changes(before, after, prefix=arguments.prefix, region=arguments.region)
    about = {"before": before.describe(), "after": after.describe()}
    tables = [display.changes_table(found, before, after)]
    rows, columns = display.change_rows(found), display.CHANGE_COLUMNS
    if scenario is None:
        _show(arguments.format, tables, columns, rows, about, "changes")
        return
    from kafkatco.output.views import impact as impacts
    from kafkatco.output.views import impact_tables

    moved = impact_of(scenario, before, after)
    if arguments.format == "csv":
        show_csv(impacts.IMPACT_COLUMNS, impacts.impact_rows(moved))
        return
    tables += impact_tables.impact_tables(moved)
    _show(arguments.format, tables, columns, rows, {**about, "impact": moved.to_dict()}, "changes")


def _asked(arguments: argparse.Namespace) -> tuple[Scenario | None, PriceBook, PriceBook]:
    """Return the scenario of a diff, if it has one, and its book on both dates."""
    dates = arguments.before, arguments.after
    if arguments.impact is None:
        before, after = (_book(arguments, date) for date in dates)
        return None, before, after
    _, before = asked_scenario(arguments.impact, as_of=dates[0], book=arguments.book)
    scenario, after = asked_scenario(arguments.impact, as_of=dates[1], book=arguments.book)
    return scenario, before, after


def _check(arguments: argparse.Namespace) -> None:
    from kafkatco.costing.completeness import uncovered
    from kafkatco.output.views.prices import CHECK_COLUMNS, check_table
    from kafkatco.prices import bands, check
    from kafkatco.prices import release_lock as locks
    from kafkatco.prices.csv_tables import pricing_root

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
    locked = [
        str(path)
        for folder, checked in (found.items() if arguments.lock else ())
        if (path := locks.write_lock(folder, checked.rows))
    ]
    rows = [
        [folder.name, len(checked.rows), locks.count_locked(folder), checked.sha256]
        for folder, checked in found.items()
    ]
    tables = [check_table(rows, locked)]
    _show(arguments.format, tables, CHECK_COLUMNS, rows, {"locked": locked}, "tables")
