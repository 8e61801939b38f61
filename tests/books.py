"""What tests ask of a folder of price tables."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from kafkatco.prices.bands import read_bands
from kafkatco.prices.check import check_prices
from kafkatco.prices.tables import pricing_root

__all__ = ["contents", "refresh_aws", "valid"]


def contents(book: Path) -> dict[str, bytes]:
    """Return every file of a folder, hidden ones too."""
    files = (path for path in book.rglob("*") if path.is_file())
    return {path.relative_to(book).as_posix(): path.read_bytes() for path in files}


def valid(book: Path, today: dt.date) -> bool:
    """Return whether the tables are whole and sane."""
    bands, _ = read_bands(pricing_root())
    return not check_prices(book, today=today, bands=bands).problems


def refresh_aws(url: str, book: str, today: dt.date) -> None:
    """Refresh a book from a local server: what a process does that is killed meanwhile."""
    from kafkatco.refresh.aws import Aws
    from kafkatco.refresh.run import refresh_book

    list(refresh_book(Path(book), [Aws(url=url)], as_of=today, today=today, pause=0.001))
