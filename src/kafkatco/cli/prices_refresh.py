"""``kafkatco prices refresh``: what the official sources say now."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kafkatco.cli.console import say, show
from kafkatco.cli.impact import IMPACT_HELP, asked_scenario, impact_of
from kafkatco.cli.parser import Parser
from kafkatco.cli.urls import check_address, shown_address
from kafkatco.errors import InputError, KafkatcoError, Problem, RefreshError

if TYPE_CHECKING:
    from kafkatco.price_impact.impact import Impact
    from kafkatco.prices import PriceBook
    from kafkatco.prices.refresh.http import Progress
    from kafkatco.prices.results import Refreshed
    from kafkatco.scenario.scenario import Scenario

__all__ = ["add_refresh", "need_requests"]

NO_REQUESTS: Final = "requests: pip install 'kafkatco[refresh]'"

REFRESH: Final = """\
Reads the providers' official prices and appends what changed to the tables. Sources are aws, azure,
gcp, ecb, bank-of-korea, aiven and confluent; without names, all that need no key or have it:

  gcp            GOOGLE_API_KEY
  bank-of-korea  ECOS_API_KEY
  aiven          AIVEN_TOKEN, AIVEN_PROJECT
  confluent      CONFLUENT_CLOUD_API_KEY, CONFLUENT_CLOUD_API_SECRET, CONFLUENT_ORGANIZATION

aws-pages, the data of Amazon's price pages, is quick and is read only where it is named.
A source with anything suspicious changes nothing and is reported, and the exit status is 1.
"""


def add_refresh(parser: Parser) -> None:
    """Add the command to ``kafkatco prices``."""
    one = parser.add_command("refresh", _refresh, "Read official prices, and append what changed.")
    one.description = REFRESH
    one.add_argument("providers", nargs="*", metavar="PROVIDER", help="sources, such as aws ecb")
    one.add_argument("--as-of", metavar="DATE", help="prices as they stood on this day (today)")
    one.add_argument("--dry-run", action="store_true", help="show what would change, write nothing")
    one.add_argument("--book", default="list", help="a book, or a folder of tables (list)")
    one.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="SKU",
        help="take a leap of prices that begin so, and leave those that vanished; repeatable",
    )
    one.add_argument(
        "--url",
        action="append",
        default=[],
        metavar="PROVIDER=URL",
        help="where a source is found instead, such as a mirror; repeatable",
    )
    what = one.add_mutually_exclusive_group()
    moved = what.add_argument(
        "--impact", metavar="SCENARIO", help=f"{IMPACT_HELP}; if something changed, the article"
    )
    one.arguments.append(moved)  # a group lists its arguments nowhere
    what.add_argument("--no-impact", action="store_true", help="leave out what it does to answers")
    one.add_format()


def need_requests() -> None:
    """Raise :class:`~kafkatco.errors.InputError` where nothing can be fetched."""
    if find_spec("requests") is None:
        raise InputError("command", [Problem("prices", "no requests", NO_REQUESTS)])


def _refresh(arguments: argparse.Namespace) -> None:
    need_requests()
    from kafkatco.prices import PriceBook, price_changes
    from kafkatco.prices.append import preview
    from kafkatco.prices.history import folder_of, own_folder_of
    from kafkatco.prices.refresh.registry import BY_DEFAULT, chosen, without_key
    from kafkatco.prices.refresh.run import refresh_book
    from kafkatco.prices.results import PriceChanges, RefreshReport

    today = dt.datetime.now(dt.UTC).date()
    before = PriceBook(arguments.book, as_of=arguments.as_of or today)
    if before.as_of > today:
        expected = f"{today.isoformat()} or before"
        raise InputError("prices", [Problem("--as-of", repr(arguments.as_of), expected)])
    sources = chosen(arguments.providers, _urls(arguments.url), os.environ)
    missing = {name: without_key(name, os.environ) for name in BY_DEFAULT}
    notes = [
        f"left out: {name}: no {', no '.join(lacking)}"
        for name, lacking in (() if arguments.providers else missing.items())
        if lacking
    ]
    problems = list[Problem]()
    where = folder_of if arguments.dry_run else own_folder_of
    folder = where(arguments.book, problems)
    if problems:
        raise InputError("prices refresh", problems)
    now = before.at(as_of=today)
    asked = _asked(arguments, before.as_of, folder)
    with contextlib.ExitStack() as stack:
        place = stack.enter_context(preview(folder, {})) if arguments.dry_run else folder
        found: list[Refreshed] = []

        def report(changes: PriceChanges, moved: Impact | None = None) -> RefreshReport:
            return RefreshReport(tuple(found), tuple(notes), changes, moved, arguments.dry_run)

        try:
            with _progress() as progress:
                refreshing = refresh_book(
                    place,
                    sources,
                    as_of=before.as_of,
                    today=today,
                    keys=os.environ,
                    accept=arguments.accept,
                    progress=progress,
                )
                found.extend(refreshing)
        except BaseException:  # what was written before is told, also if it is stopped
            if found:
                show(arguments, report(PriceChanges((), before, before)))
            raise
        if before.as_of < today:
            later = len(price_changes(now, PriceBook(place, as_of=today)))
            if later:
                text = f"{later} prices of today are those of then now"
                notes.append(f"{text}: a refresh without --as-of says whether they still are")
        after = PriceBook(place, as_of=before.as_of)
        changes = PriceChanges(price_changes(before, after), before, before)
        moved, failure = None, None
        if asked is not None and (changes or arguments.impact is not None):
            scenario, old = asked
            try:
                moved = impact_of(scenario, old, old.at(folder=place, name=old.name))
                billed = any(bill.difference is not None for bill in moved.bills)
                moved = moved if billed or arguments.impact is not None else None
            except KafkatcoError as error:  # the tables are refreshed, whatever it is
                failure = error
    show(arguments, report(changes, moved))
    problems = [problem for one in found for problem in one.problems]
    if failure is not None and (problems or arguments.impact is None):
        say(f"what it does to answers is not known: {failure}")
    if problems:
        raise RefreshError("prices refresh", problems)
    if failure is not None and arguments.impact is not None:
        raise failure


def _asked(
    arguments: argparse.Namespace, as_of: dt.date, folder: Path
) -> tuple[Scenario, PriceBook] | None:
    """Return whose answers are looked at: the article's, where the book has its prices."""
    if arguments.no_impact:
        return None
    try:
        return asked_scenario(arguments.impact or "article", as_of=as_of, book=folder)
    except KafkatcoError:
        if arguments.impact is not None:
            raise
        return None


def _urls(given: Sequence[str]) -> dict[str, str]:
    """Return where to find each source that is found elsewhere."""
    urls, problems = {}, []
    for text in given:
        name, equals, url = text.partition("=")
        if not equals:
            expected = "a source and an address, such as aws=https://mirror.example/aws"
            problems.append(Problem("--url", repr(text), expected))
        elif expected := check_address(url) or "":
            problems.append(Problem("--url", shown_address(url), expected))
        urls[name] = url
    if problems:
        raise InputError("prices refresh", problems)
    return urls


@contextlib.contextmanager
def _progress() -> Iterator[Progress | None]:
    """Yield what tells of the progress, on a terminal that can show it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
    )
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:

        def tell(what: str, size: int, total: int, rows: int) -> None:
            if what not in tasks:
                for task in tasks.values():
                    bar.update(task, visible=False)
                tasks[what] = bar.add_task(what, total=None, rows=0)
            seen: dict[str, Any] = {"completed": size, "total": total or None} if size else {}
            bar.update(tasks[what], rows=rows, **seen)

        yield tell
