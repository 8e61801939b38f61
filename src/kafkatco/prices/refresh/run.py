"""Refreshing a book: each source is read, compared and validated whole, then appended at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kafkatco.core.files import replace_files, writing
from kafkatco.errors import PriceTableError, Problem, RefreshError
from kafkatco.prices.append import homes, new_problems, with_rows
from kafkatco.prices.columns import PRICES
from kafkatco.prices.csv_tables import read_folder, tables_of
from kafkatco.prices.refresh.compare import Compared, compare
from kafkatco.prices.refresh.http import Progress, Web
from kafkatco.prices.refresh.http_cache import STATE, fingerprint, read_state, seen, state_text
from kafkatco.prices.refresh.source import Asked, Source
from kafkatco.prices.refreshed import Refreshed
from kafkatco.prices.rows import TERMS, PriceRow

__all__ = ["refresh_book"]

REPORT: Final = "Please report it, with the day"


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
    """Refresh the tables of a book, source by source, and yield what came of each.

    A source whose files or prices have a problem changes nothing; the others go on.  ``keys`` has
    what sources ask for in :attr:`Source.keys`.  To try it, refresh a
    :func:`~kafkatco.prices.append.preview` of the folder.
    """
    with writing(folder):  # nothing is fetched for a folder that cannot be written
        pass
    for source in sources:
        stamps = _contents(folder)
        rows, problems, _ = read_folder(folder, PRICES)
        if problems:
            raise PriceTableError(str(folder), problems)
        asked = _asked(source, rows, as_of, today, keys)
        about = [row for row in rows if row.sku in asked.regions]
        state = read_state(folder)
        known = seen(state, source.name, fingerprint(about)) if as_of == today else {}
        with Web(seen=known, progress=progress, pause=pause) as web:
            found = _read(source, web, asked, about, today, accept)
        tables = homes(rows)
        tables |= {row.sku: source.table for row in found.rows if row.sku not in tables}
        changed = with_rows(folder, found.rows, tables) if not found.problems else {}
        found.problems += new_problems(folder, changed, today=today) if changed else ()
        if not found.problems:
            if not found.unsettled and as_of == today:  # else a file must be read again
                print_ = fingerprint([*about, *found.rows])
                state[source.name] = {"asked": print_, "files": web.now_seen}
            now = state_text(state)
            changed |= {STATE: now} if state and now != stamps.get(STATE) else {}
            found.problems += _write(folder, changed, stamps, source.name) if changed else ()
        yield Refreshed(
            source.name,
            tuple(found.rows) if not found.problems else (),
            found.same,
            found.announced,
            tuple(sorted(found.other)),
            tuple(found.problems),
        )


def _write(
    folder: Path, changed: Mapping[str, bytes], stamps: Mapping[str, bytes], name: str
) -> Iterator[Problem]:
    """Replace files, unless another process changed the tables since they were read."""
    with writing(folder):
        if _contents(folder) == stamps:
            replace_files(folder, changed)
            return
    given = "tables that another process changed meanwhile"
    yield Problem(name, given, "tables as they were read", "Run the command again")


def _contents(folder: Path) -> dict[str, bytes]:
    """Return what must not change while a source is read."""
    files = tables_of(folder, [])
    if (folder / STATE).is_file():
        files[STATE] = folder / STATE
    return {name: path.read_bytes() for name, path in files.items()}


def _asked(
    source: Source,
    rows: Sequence[PriceRow],
    as_of: dt.date,
    today: dt.date,
    keys: Mapping[str, str],
) -> Asked:
    """Return what to ask: each sku in its regions, and its commitments in them too."""
    regions: dict[str, set[str]] = {}
    last: dict[str, dt.date] = {}
    variants = "~" in source.prefix
    for row in rows:
        own = row.sku.startswith(source.prefix) and ("~" in row.sku) == variants
        if own and row.valid_from <= as_of:
            regions.setdefault(row.sku, set()).add(row.region)
            last[row.sku] = max(row.valid_from, last.get(row.sku, dt.date.min))
    for sku in [sku for sku in regions if sku.partition("@")[2] in TERMS]:
        regions[sku] |= regions.get(sku.partition("@")[0], set())
    given = {name: keys[name] for name in source.keys if name in keys}
    found = {sku: frozenset(places) for sku, places in regions.items()}
    return Asked(as_of, found, given, last, today)


def _read(
    source: Source,
    web: Web,
    asked: Asked,
    about: Sequence[PriceRow],
    today: dt.date,
    accept: Collection[str],
) -> Compared:
    """Read all of a source, and compare it with the rows that there are."""
    history: dict[tuple[str, str], list[PriceRow]] = {}
    for row in sorted(about, key=lambda row: (row.valid_from, row.tier_from)):
        history.setdefault((row.sku, row.region), []).append(row)
    total = Compared()
    try:
        for part in source.read(web, asked):
            found = compare(part, history, as_of=asked.as_of, today=today, accept=accept)
            total.rows += found.rows
            total.problems += found.problems
            total.same += found.same
            total.announced += found.announced
            total.kept += found.kept
            total.other |= found.other
    except RefreshError as error:
        total.problems += error.problems
    except Exception as error:
        given = f"what this program cannot read ({type(error).__name__})"
        total.problems.append(Problem(source.name, given, "the documented format", REPORT))
    return total
