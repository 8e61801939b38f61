"""What the tests of each source share: small books, one refresh of them, and a hunt for keys."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import pytest

from kafkatco.prices.bands import read_bands
from kafkatco.prices.check import check_prices
from kafkatco.prices.columns import PRICES
from kafkatco.prices.csv_tables import pricing_root
from kafkatco.prices.refresh.aws import Aws
from kafkatco.prices.refresh.run import refresh_book
from kafkatco.prices.refresh.source import Source
from kafkatco.prices.results import Refreshed

TODAY = dt.date(2026, 11, 22)
HEADER = ",".join(PRICES.columns)
#: Keys that are easy to find wherever they should not be.
SECRETS = ("SesameOpenUp", "OpenSesame", "GardenGate")


def committed(table: str, wanted: Callable[[dict[str, str]], bool]) -> str:
    """Return some rows of a table of the list, as they are there, below the header."""
    text = (pricing_root() / "list" / table).read_text(encoding="utf-8")
    rows = csv.DictReader(io.StringIO(text))
    lines = text.splitlines()[1:]
    kept = [line for line, row in zip(lines, rows, strict=True) if wanted(row)]
    return "\n".join([HEADER, *kept]) + "\n"


def book_of(folder: Path, tables: Mapping[str, str]) -> Path:
    """Make a book of these tables."""
    for name, text in tables.items():
        path = folder / "list" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "list"


def provider_rows(provider: str) -> list[dict[str, str]]:
    """Return every committed row, with the name of its table."""
    rows = []
    for path in sorted((pricing_root() / "list" / provider).glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += [{**row, "table": path.name} for row in csv.DictReader(file)]
    return rows


def small_book(folder: Path, provider: str, keep: Callable[[tuple[str, str]], bool]) -> Path:
    """Copy the rows of some skus and regions into a book of its own."""
    book = folder / "list"
    (book / provider).mkdir(parents=True)
    for row in provider_rows(provider):
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
    """Return every file of a folder, hidden ones too, but for the lock of those who write it."""
    return {
        str(path.relative_to(book)): path.read_bytes()
        for path in sorted(book.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def valid(book: Path, today: dt.date = TODAY) -> bool:
    """Return whether the tables are whole and sane."""
    bands, _ = read_bands(pricing_root())
    return not check_prices(book, today=today, bands=bands).problems


def refresh_aws(url: str, book: str, today: dt.date) -> None:
    """Refresh a book from a local server: what a process does that is killed meanwhile."""
    list(refresh_book(Path(book), [Aws(url=url)], as_of=today, today=today, pause=0.001))


def lines(book: Path, table: str) -> list[str]:
    return (book / table).read_text(encoding="utf-8").splitlines()


def refreshed(
    book: Path,
    source: Source,
    *,
    as_of: dt.date = TODAY,
    keys: Mapping[str, str] | None = None,
    accept: Collection[str] = (),
) -> Refreshed:
    (result,) = refresh_book(
        book, [source], as_of=as_of, today=TODAY, keys=keys or {}, accept=accept, pause=0.0
    )
    return result


def fault(book: Path, source: Source, **options: Any) -> str:
    """Return the one problem of a refresh, which must leave every file as it was."""
    before = files(book)
    result = refreshed(book, source, **options)
    assert files(book) == before
    assert result.rows == ()
    (problem,) = result.problems
    return str(problem)


def assert_hidden(book: Path, result: Refreshed, caplog: pytest.LogCaptureFixture) -> None:
    """Look for keys in the tables, the state, what is reported and every log."""
    texts = {name: data.decode() for name, data in files(book).items()}
    texts |= {"report": repr(result), "log": caplog.text}
    texts["problems"] = " ".join(str(problem) for problem in result.problems)
    for name, text in texts.items():
        for secret in SECRETS:
            assert secret not in text, (secret, name)
