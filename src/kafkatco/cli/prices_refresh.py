"""``kafkatco prices refresh``: read the official prices and append the changes."""

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

from kafkatco.cli.console import print_note, show
from kafkatco.cli.impact import IMPACT_HELP, impact_of, scenario_on
from kafkatco.cli.language import translated
from kafkatco.cli.parser import Parser
from kafkatco.cli.prices import BOOK_HELP
from kafkatco.cli.urls import check_url, shown_url
from kafkatco.errors import InputError, KafkatcoError, Problem, RefreshError
from kafkatco.i18n.message import _, join, ngettext

if TYPE_CHECKING:
    from kafkatco.price_impact.impact import Impact
    from kafkatco.prices import PriceBook
    from kafkatco.prices.refresh.http import Progress
    from kafkatco.prices.results import Refreshed
    from kafkatco.scenario.scenario import Scenario

__all__ = ["add_refresh", "need_requests"]

REQUESTS: Final = "pip install 'kafkatco[refresh]'"

REFRESH: Final = _(
    """\
Read the providers' official prices and append the changes to the tables. The sources are aws,
azure, gcp, ecb, bank-of-korea, aiven and confluent. Without PROVIDER, those are read that need no
key, or whose key is set in the environment:

  gcp            GOOGLE_API_KEY
  bank-of-korea  ECOS_API_KEY
  aiven          AIVEN_TOKEN, AIVEN_PROJECT
  confluent      CONFLUENT_CLOUD_API_KEY, CONFLUENT_CLOUD_API_SECRET, CONFLUENT_ORGANIZATION

The source aws-pages, the data of Amazon's price pages, is fast, and is read only by name.
A source with suspicious data changes nothing and is reported, and the exit status is 1.
"""
)


def add_refresh(parser: Parser) -> None:
    """Add the command to ``kafkatco prices``."""
    sub = parser.add_command(
        "refresh", _refresh, _("Read official prices, and append the changes.")
    )
    sub.description = REFRESH
    sub.add_argument("providers", nargs="*", metavar="PROVIDER", help=_("sources, such as aws ecb"))
    sub.add_argument(
        "--as-of", metavar="DATE", help=_("read the prices of this day (default: today)")
    )
    sub.add_argument(
        "--dry-run", action="store_true", help=_("show the changes, but write nothing")
    )
    sub.add_argument("--book", default="list", help=BOOK_HELP)
    sub.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="SKU",
        help=_(
            "accept large changes of the skus that start with SKU, and keep those that the source "
            "has dropped; repeatable"
        ),
    )
    sub.add_argument(
        "--url",
        action="append",
        default=[],
        metavar="PROVIDER=URL",
        help=_("another URL of a source, such as a mirror; repeatable"),
    )
    group = sub.add_mutually_exclusive_group()
    impact = group.add_argument(
        "--impact",
        metavar="SCENARIO",
        help=join("; ", [IMPACT_HELP, _("default: article, if a price changed")]),
    )
    no_impact = group.add_argument(
        "--no-impact", action="store_true", help=_("do not show the effect on a scenario")
    )
    sub.arguments += [impact, no_impact]  # the group does not list them itself
    sub.add_format()


def need_requests() -> None:
    """Raise :class:`~kafkatco.errors.InputError` if requests is not installed."""
    if find_spec("requests") is None:
        text = _("reading prices needs the package requests: {command}", command=REQUESTS)
        raise InputError("", [Problem("", "", text)])


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
        expected = _("{date} or earlier", date=today.isoformat())
        raise InputError("", [Problem("--as-of", repr(arguments.as_of), expected)])
    sources = chosen(arguments.providers, _urls(arguments.url), os.environ)
    missing = {name: without_key(name, os.environ) for name in BY_DEFAULT}
    notes = [
        _("{source} was left out; not set: {variables}", source=name, variables=", ".join(unset))
        for name, unset in (() if arguments.providers else missing.items())
        if unset
    ]
    problems = list[Problem]()
    folder = (folder_of if arguments.dry_run else own_folder_of)(arguments.book, problems)
    if problems:
        raise InputError("", problems)
    now = before.at(as_of=today)
    affected = _affected(arguments, before.as_of, folder)
    with contextlib.ExitStack() as stack:
        place = stack.enter_context(preview(folder, {})) if arguments.dry_run else folder
        sources_read: list[Refreshed] = []

        def report(changes: PriceChanges, effect: Impact | None = None) -> RefreshReport:
            dry_run = arguments.dry_run
            return RefreshReport(tuple(sources_read), tuple(notes), changes, effect, dry_run)

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
                sources_read.extend(refreshing)
        except BaseException:  # report what was written so far, even after Ctrl-C
            if sources_read:
                show(arguments, report(PriceChanges((), before, before)))
            raise
        if before.as_of < today:
            replaced = len(price_changes(now, PriceBook(place, as_of=today)))
            if replaced:
                text = ngettext(
                    "{n} price of today is now that of {date}: refresh without --as-of to check it",
                    "{n} prices of today are now those of {date}: refresh without --as-of to check "
                    "them",
                    replaced,
                    date=before.as_of.isoformat(),
                )
                notes.append(text)
        after = PriceBook(place, as_of=before.as_of)
        changes = PriceChanges(price_changes(before, after), before, before)
        effect, failure = None, None
        if affected is not None and (changes or arguments.impact is not None):
            scenario, old = affected
            try:
                effect = impact_of(scenario, old, old.at(folder=place, name=old.name))
                billed = any(bill.difference is not None for bill in effect.bills)
                effect = effect if billed or arguments.impact is not None else None
            except KafkatcoError as error:  # the tables are refreshed all the same
                failure = error
    show(arguments, report(changes, effect))
    problems = [problem for source in sources_read for problem in source.problems]
    if failure is not None and (problems or arguments.impact is None):
        print_note(_("the effect on the scenario is unknown: {reason}", reason=failure.message))
    if problems:
        raise RefreshError("prices refresh", problems)
    if failure is not None and arguments.impact is not None:
        raise failure


def _affected(
    arguments: argparse.Namespace, as_of: dt.date, folder: Path
) -> tuple[Scenario, PriceBook] | None:
    """Return the scenario of ``--impact``, or the article's if the book has its prices."""
    if arguments.no_impact:
        return None
    try:
        return scenario_on(as_of, arguments.impact or "article", book=folder)
    except KafkatcoError:
        if arguments.impact is not None:
            raise
        return None


def _urls(options: Sequence[str]) -> dict[str, str]:
    """Return the URLs of ``--url`` by source."""
    urls, problems = {}, []
    for text in options:
        name, equals, url = text.partition("=")
        if not equals:
            example = _("a source and a URL, such as aws=https://mirror.example/aws")
            problems.append(Problem("--url", repr(text), example))
        elif expected := check_url(url):
            problems.append(Problem("--url", shown_url(url), expected))
        urls[name] = url
    if problems:
        raise InputError("", problems)
    return urls


@contextlib.contextmanager
def _progress() -> Iterator[Progress | None]:
    """Yield a function that shows the progress, or ``None`` if there is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[rows]}"),
    )
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:

        def update(name: str, size: int, total: int, rows: int) -> None:
            if name not in tasks:
                for task in tasks.values():
                    bar.update(task, visible=False)
                tasks[name] = bar.add_task(name, total=None, rows="")
            bytes_read: dict[str, Any] = {"completed": size, "total": total or None} if size else {}
            text = translated(ngettext("{n:,} row", "{n:,} rows", rows))
            bar.update(tasks[name], rows=text, **bytes_read)

        yield update
