"""Refreshing a book: each source is read, compared and validated whole, then appended at once."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from kafkatco.errors import PriceTableError, Problem, RefreshError
from kafkatco.journal import finish, replace_files
from kafkatco.prices.bands import read_bands
from kafkatco.prices.check import check_prices
from kafkatco.prices.columns import PRICES
from kafkatco.prices.locks import LOCK
from kafkatco.prices.rows import TERMS, PriceRow
from kafkatco.prices.tables import pricing_root, read_folder, tables_of
from kafkatco.refresh.compare import Compared, compare
from kafkatco.refresh.source import Asked, Source
from kafkatco.refresh.state import STATE, fingerprint, read_state, seen, state_text
from kafkatco.refresh.tables import homes, with_rows
from kafkatco.refresh.web import Progress, Web

__all__ = ["Refreshed", "preview", "refresh_book"]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh made of one source.

    ``rows`` are new; ``same`` prices are as they were, ``announced`` ones begin later, ``other``
    things are priced by the source and not in the tables.  With ``problems`` the tables are as
    they were.
    """

    source: str
    rows: tuple[PriceRow, ...] = ()
    same: int = 0
    announced: int = 0
    other: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def refresh_book(
    folder: Path, sources: Sequence[Source], *, as_of: dt.date, today: dt.date,
    keys: Mapping[str, str] = MappingProxyType({}), accept: Collection[str] = (),
    dry_run: bool = False, progress: Progress | None = None, pause: float = 1.0,
) -> Iterator[Refreshed]:  # fmt: skip
    """Refresh the tables of a book, source by source, and yield what came of each.

    A source whose files or prices have a problem changes nothing; the others go on.  ``keys`` has
    what sources ask for in :attr:`Source.keys`.  With ``dry_run`` nothing is written.
    """
    if not dry_run:
        finish(folder)
    bands, _ = read_bands(pricing_root())
    for source in sources:
        before = tables_of(folder, [])
        stamps = {name: path.read_bytes() for name, path in before.items()}
        rows, problems, _ = read_folder(folder, PRICES)
        if problems:
            raise PriceTableError(str(folder), problems)
        asked = _asked(source, rows, as_of, keys)
        about = [row for row in rows if row.sku in asked.regions]
        state = read_state(folder)
        known = seen(state, source.name, fingerprint(about)) if as_of == today else {}
        with Web(seen=known, progress=progress, pause=pause) as web:
            found = _read(source, web, asked, about, today, accept)
            files = dict(sorted(web.now_seen.items()))
        tables = homes(rows)
        tables |= {row.sku: source.table for row in found.rows if row.sku not in tables}
        try:
            changed = with_rows(folder, found.rows, tables) if not found.problems else {}
            if changed:
                with preview(folder, changed) as after:
                    checked = check_prices(after, today=today, bands=bands).problems
                was = check_prices(folder, today=today, bands=bands).problems if checked else ()
                found.problems += _new(checked, was)
        except RefreshError as error:
            found.problems += error.problems
        if found.problems:
            yield Refreshed(source.name, same=found.same, problems=tuple(found.problems))
            continue
        if not found.announced and as_of == today:
            state[source.name] = {"asked": fingerprint([*about, *found.rows]), "files": files}
        now = state_text(state)
        changed |= {STATE: now} if now != _bytes(folder / STATE) else {}
        if changed and not dry_run:
            if {name: path.read_bytes() for name, path in tables_of(folder, []).items()} != stamps:
                given = "tables that somebody changed in the meantime"
                problem = Problem(source.name, given, "nobody else at work", "Run it again")
                yield Refreshed(source.name, problems=(problem,))
                continue
            replace_files(folder, changed)
        yield Refreshed(
            source.name, tuple(found.rows), found.same, found.announced,
            tuple(sorted(found.other)),
        )  # fmt: skip


def _asked(
    source: Source, rows: Sequence[PriceRow], as_of: dt.date, keys: Mapping[str, str]
) -> Asked:
    """Return what to ask: each sku in its regions, and its commitments in them too."""
    regions: dict[str, set[str]] = {}
    units: dict[str, str] = {}
    for row in rows:
        if row.sku.startswith(source.prefix) and "~" not in row.sku and row.valid_from <= as_of:
            regions.setdefault(row.sku, set()).add(row.region)
            units[row.sku] = row.unit
    for sku in [sku for sku in regions if sku.partition("@")[2] in TERMS]:
        regions[sku] |= regions.get(sku.partition("@")[0], set())
    own = {name: keys[name] for name in source.keys if name in keys}
    return Asked(as_of, {sku: frozenset(found) for sku, found in regions.items()}, units, own)


def _read(
    source: Source, web: Web, asked: Asked, about: Sequence[PriceRow], today: dt.date,
    accept: Collection[str],
) -> Compared:  # fmt: skip
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
            total.other |= found.other
    except RefreshError as error:
        total.problems += error.problems
    return total


@contextlib.contextmanager
def preview(folder: Path, changed: Mapping[str, bytes]) -> Iterator[Path]:
    """Yield a copy of a book's folder in which these files are as given; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="kafkatco-") as place:
        copy = Path(place) / folder.name
        files = {name: path.read_bytes() for name, path in tables_of(folder, []).items()}
        if (folder / LOCK).is_file():
            files[LOCK] = (folder / LOCK).read_bytes()
        for name, data in {**files, **changed}.items():
            path = copy / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        yield copy


def _new(problems: Sequence[Problem], before: Sequence[Problem]) -> Iterator[Problem]:
    """Yield the problems that there were not before, on whatever line they stood."""
    known = {(problem.given, problem.expected) for problem in before}
    yield from (found for found in problems if (found.given, found.expected) not in known)


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
