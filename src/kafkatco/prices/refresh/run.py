"""Refresh a book: read, compare and validate each source, then append its rows at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from kafkatco.core.files import replace_files, writing
from kafkatco.errors import PriceTableError, Problem, RefreshError
from kafkatco.i18n.message import _
from kafkatco.prices.append import homes, new_problems, with_rows
from kafkatco.prices.columns import PRICES
from kafkatco.prices.csv_tables import read_folder, tables_of
from kafkatco.prices.refresh.compare import Compared, compare
from kafkatco.prices.refresh.http import Progress, Web
from kafkatco.prices.refresh.http_cache import STATE, fingerprint, read_state, seen, state_text
from kafkatco.prices.refresh.source import Query, Source
from kafkatco.prices.results import Refreshed
from kafkatco.prices.rows import TERMS, PriceRow

__all__ = ["refresh_book"]


def refresh_book(
    folder: Path,
    sources: Sequence[Source],
    *,
    as_of: dt.date,
    today: dt.date,
    keys: Mapping[str, str] = MappingProxyType({}),
    accept: Collection[str] = (),
    progress: Progress | None = None,
    pause: float = 1.0,
) -> Iterator[Refreshed]:
    """Refresh the tables of a book, source by source, and yield the result of each.

    A source with a problem in its files or prices changes nothing; the others go on.  ``keys`` has
    the values of :attr:`Source.keys`.  For a dry run, refresh a
    :func:`~kafkatco.prices.append.preview` of the folder.
    """
    with writing(folder):  # check this before anything is fetched
        pass
    for source in sources:
        before = _contents(folder)
        rows, problems, _sha256 = read_folder(folder, PRICES)
        if problems:
            raise PriceTableError(str(folder), problems)
        query = _query(source, rows, as_of, today, keys)
        history = [row for row in rows if row.sku in query.regions]
        state = read_state(folder)
        validators = seen(state, source.name, fingerprint(history)) if as_of == today else {}
        with Web(seen=validators, progress=progress, pause=pause) as web:
            compared = _read(source, web, query, history, today, accept)
        tables = homes(rows)
        tables |= {row.sku: source.table for row in compared.rows if row.sku not in tables}
        changed = with_rows(folder, compared.rows, tables) if not compared.problems else {}
        compared.problems += new_problems(folder, changed, today=today) if changed else ()
        if not compared.problems:
            if not compared.incomplete and as_of == today:  # else files must be read again
                rows_hash = fingerprint([*history, *compared.rows])
                state[source.name] = {"asked": rows_hash, "files": web.now_seen}
            now = state_text(state)
            changed |= {STATE: now} if state and now != before.get(STATE) else {}
            compared.problems += _write(folder, changed, before, source.name) if changed else ()
        yield Refreshed(
            source.name,
            tuple(compared.rows) if not compared.problems else (),
            compared.same,
            compared.announced,
            tuple(sorted(compared.other)),
            tuple(compared.problems),
        )


def _write(
    folder: Path, changed: Mapping[str, bytes], before: Mapping[str, bytes], name: str
) -> Iterator[Problem]:
    """Replace files, unless another process changed the tables since they were read."""
    with writing(folder):
        if _contents(folder) == before:
            replace_files(folder, changed)
            return
    sentence = _("another process changed the tables meanwhile; run the command again")
    yield Problem(name, "", sentence)


def _contents(folder: Path) -> dict[str, bytes]:
    """Return the files that must not change while a source is read."""
    files = tables_of(folder, [])
    if (folder / STATE).is_file():
        files[STATE] = folder / STATE
    return {name: path.read_bytes() for name, path in files.items()}


def _query(
    source: Source,
    rows: Sequence[PriceRow],
    as_of: dt.date,
    today: dt.date,
    keys: Mapping[str, str],
) -> Query:
    """Return the query of a source: each sku in its regions, and commitments in their sku's."""
    regions: dict[str, set[str]] = {}
    last: dict[str, dt.date] = {}
    variants = "~" in source.prefix
    for row in rows:
        is_priced = row.sku.startswith(source.prefix) and ("~" in row.sku) == variants
        if is_priced and row.valid_from <= as_of:
            regions.setdefault(row.sku, set()).add(row.region)
            last[row.sku] = max(row.valid_from, last.get(row.sku, dt.date.min))
    for sku in [sku for sku in regions if sku.partition("@")[2] in TERMS]:
        regions[sku] |= regions.get(sku.partition("@")[0], set())
    own_keys = {name: keys[name] for name in source.keys if name in keys}
    by_sku = {sku: frozenset(places) for sku, places in regions.items()}
    return Query(as_of, by_sku, own_keys, last, today)


def _read(
    source: Source,
    web: Web,
    query: Query,
    rows: Sequence[PriceRow],
    today: dt.date,
    accept: Collection[str],
) -> Compared:
    """Read all files of a source, and compare them with the rows of the tables."""
    history: dict[tuple[str, str], list[PriceRow]] = {}
    for row in sorted(rows, key=lambda row: (row.valid_from, row.tier_from)):
        history.setdefault((row.sku, row.region), []).append(row)
    total = Compared()
    try:
        for file in source.read(web, query):
            compared = compare(file, history, as_of=query.as_of, today=today, accept=accept)
            total.rows += compared.rows
            total.problems += compared.problems
            total.same += compared.same
            total.announced += compared.announced
            total.kept += compared.kept
            total.other |= compared.other
    except RefreshError as error:
        total.problems += error.problems
    except Exception as error:
        sentence = _("a file has an unknown format ({kind})", kind=type(error).__name__)
        hint = _("Please report this, with the date")
        total.problems.append(Problem(source.name, "", sentence, hint))
    return total
