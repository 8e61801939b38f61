"""Which books there are, and every row of a book by what it prices and where."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from kafkatco.errors import Problem, nearest
from kafkatco.prices.csv_tables import pricing_root, read_prices, stamp, tables_of
from kafkatco.prices.rows import PriceRow

__all__ = ["History", "folder_of", "own_folder_of", "read_history", "shipped_books"]

#: sku, then region, then every row there is, by date and tier
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
    """Return every row of the tables under ``folder``, and their sha256; read anew if changed."""
    return _read_once(folder.resolve(), stamp(folder))


def shipped_books() -> tuple[str, ...]:
    """Return the names of the books that come with the package."""
    folders = (path for path in pricing_root().iterdir() if path.is_dir())
    return tuple(sorted(path.name for path in folders if path.name != "capacity"))


def own_folder_of(name: str | Path, problems: list[Problem]) -> Path:
    """Return the folder of a book that is to be changed: not one inside an installed package."""
    folder = folder_of(name, problems)
    if folder.parent == pricing_root() and folder.is_relative_to(Path(__file__).parents[1]):
        hint = f"kafkatco prices copy prices --book {name}; then --book prices"
        given = f"{str(name)!r}, which an upgrade of the package replaces"
        problems.append(Problem("book", given, "a folder of your own", hint))
    return folder


def folder_of(name: str | Path, problems: list[Problem]) -> Path:
    """Return the folder of a book, by its name or its own path; a problem where there is none."""
    books = shipped_books()
    if isinstance(name, str) and name in books:
        return pricing_root() / name
    folder = Path(name)
    try:
        usable = name != "" and folder.is_dir() and bool(tables_of(folder, []))
        folder = folder.resolve()  # ".." has no name of its own
    except (OSError, ValueError):  # a name that no file system takes
        usable = False
    if not usable:
        hint = nearest(str(name), books)
        problems.append(
            Problem("book", repr(str(name)), "a known book, or a folder of tables", hint)
        )
    return folder
