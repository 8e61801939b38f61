"""Small books of a provider's committed rows, to be refreshed."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from kafkatco.prices.tables import pricing_root


def committed(provider: str) -> list[dict[str, str]]:
    """Return every committed row, with the name of its table."""
    found = []
    for path in sorted((pricing_root() / "list" / provider).glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += [{**row, "table": path.name} for row in csv.DictReader(file)]
    return found


def small_book(folder: Path, provider: str, keep: Callable[[tuple[str, str]], bool]) -> Path:
    """Copy the rows of some skus and regions into a book of its own."""
    book = folder / "list"
    (book / provider).mkdir(parents=True)
    for row in committed(provider):
        path = book / provider / row.pop("table")
        if keep((row["sku"], row["region"])):
            new = not path.exists()
            with path.open("a", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(row), lineterminator="\n")
                if new:
                    writer.writeheader()
                writer.writerow(row)
    return book


def files(book: Path) -> dict[str, bytes]:
    """Return every file of a book."""
    return {str(path): path.read_bytes() for path in book.rglob("*") if path.is_file()}
