"""The shipped books, and every row of a book by sku and region."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from kafkatco.errors import Problem, nearest
from kafkatco.i18n.message import _
from kafkatco.prices.csv_tables import pricing_root, read_prices, stamp, tables_of
from kafkatco.prices.rows import PriceRow

__all__ = ["History", "folder_of", "own_folder_of", "read_history", "shipped_books"]

#: Every row by sku, then by region, in order of date and tier.
History = dict[str, dict[str, list[PriceRow]]]


@lru_cache(maxsize=32)
def _read_once(folder: Path, _stamp: tuple[object, ...]) -> tuple[History, str]:
    rows, sha256 = read_prices(folder)
    history: History = {}
    for row in rows:
        history.setdefault(row.sku, {}).setdefault(row.region, []).append(row)
    for regions in history.values():
        for dated in regions.values():
            if len(dated) > 1:
                dated.sort(key=lambda row: (row.valid_from, row.tier_from))
    return history, sha256


def read_history(folder: Path) -> tuple[History, str]:
    """Return every row of the tables under ``folder``, and their sha256; cached until a change."""
    return _read_once(folder.resolve(), stamp(folder))


def shipped_books() -> tuple[str, ...]:
    """Return the names of the books that come with the package."""
    folders = (path for path in pricing_root().iterdir() if path.is_dir())
    return tuple(sorted(path.name for path in folders if path.name != "capacity"))


def own_folder_of(name: str | Path, problems: list[Problem]) -> Path:
    """Return the folder of a book that the user may change: not part of the installed package."""
    folder = folder_of(name, problems)
    if folder.parent == pricing_root() and folder.is_relative_to(Path(__file__).parents[1]):
        sentence = _(
            "{book!r} is part of the package, and an upgrade replaces it; change a copy instead",
            book=str(name),
        )
        hint = _(
            "Run 'kafkatco prices copy prices --book {book}', then use --book prices", book=name
        )
        problems.append(Problem("book", "", sentence, hint))
    return folder


def folder_of(name: str | Path, problems: list[Problem]) -> Path:
    """Return the folder of a book, by its name or path; an unknown book is a problem."""
    books = shipped_books()
    if isinstance(name, str) and name in books:
        return pricing_root() / name
    folder = Path(name)
    try:
        usable = name != "" and folder.is_dir() and bool(tables_of(folder, []))
        folder = folder.resolve()  # "..", for example, is no name
    except (OSError, ValueError):  # a name that no file system accepts
        usable = False
    if not usable:
        hint = nearest(str(name), books)
        expected = _("a known book or a folder of price tables")
        problems.append(Problem("book", repr(str(name)), expected, hint))
    return folder
