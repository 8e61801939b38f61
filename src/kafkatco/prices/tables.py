"""Reading the CSV tables: every row checked, every problem of every file reported at once."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeVar

from kafkatco.errors import PriceTableError, Problem, nearest
from kafkatco.units import CURRENCIES

__all__ = ["CapacityRow", "PriceRow", "pricing_root", "read_capacities", "read_prices", "stamp"]

#: What one price or capacity is for.  GiB is 2^30 bytes, GB 10^9.
PRICE_UNITS: Final = (
    "hour", "month", "GiB", "GB", "GiB-month", "GB-month", "MiB/s-month", "IOPS-month",
    "FTE-month", "once", "USD",
)  # fmt: skip
COUNTS: Final = ("partition", "broker", "eCKU")
CAPACITY_UNITS: Final = ("MiB/s", "MB/s", "Gbit/s", "GiB", "GB", "IOPS", "MiB/s/IOPS", "1", *COUNTS)
TIER_KINDS: Final = ("flat", "marginal", "open")
CONFIDENCES: Final = ("official", "secondary", "derived", "article", "user")


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One price, or one tier of it: what it is for, from when, and where it was read.

    ``price`` is ``None`` in a row whose ``tier_kind`` is ``open``: its source says that the thing
    costs something and gives no figure.
    """

    sku: str
    region: str
    price: Decimal | None
    currency: str
    unit: str
    tier_from: Decimal
    tier_kind: str
    valid_from: dt.date
    retrieved_on: dt.date
    source: str
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class CapacityRow:
    """One capacity or limit: a number with its unit, date and source."""

    item: str
    attribute: str
    value: Decimal
    unit: str
    valid_from: dt.date
    retrieved_on: dt.date
    source: str
    confidence: str
    note: str


def pricing_root() -> Path:
    """Return the folder of the shipped tables: in the wheel, or in a checkout beside ``src``."""
    packaged = Path(__file__).parents[1] / "pricing"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "pricing"


_Row = TypeVar("_Row")


_DECIMAL = re.compile(r"\d{1,15}(\.\d{1,15})?")


class _Reader:
    """Reads one cell after the other and collects what is wrong with them."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self.path, self.problems = path, problems
        self.where, self.row = "", dict[str, str]()

    def rows(self, columns: Sequence[str]) -> Iterator[None]:
        try:
            text = self.path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            self._found(str(self.path), "a file that cannot be read", "UTF-8 CSV", str(error))
            return
        lines = csv.reader(io.StringIO(text), strict=True)
        try:
            header = next(lines, [])
            if header != list(columns):
                unknown = [name for name in header if name not in columns]
                hint = nearest(unknown[0], columns, limit=20) if unknown else ""
                self._found(f"{self.path}:1", ",".join(header), ",".join(columns), hint)
                return
            for cells in lines:
                if not cells:  # a blank line
                    continue
                self.where = f"{self.path}:{lines.line_num}"
                if len(cells) != len(columns):
                    self._found(self.where, f"{len(cells)} cells", f"{len(columns)} cells")
                    continue
                self.row = dict(zip(columns, cells, strict=True))
                yield
        except csv.Error as error:
            self._found(f"{self.path}:{lines.line_num}", f"broken CSV ({error})", "quoted CSV")

    def _found(self, where: str, given: str, expected: str, hint: str = "") -> None:
        self.problems.append(Problem(where, given, expected, hint))

    def text(self, column: str) -> str:
        value = self.row[column]
        if not value or value != value.strip():
            self._found(f"{self.where} {column}", repr(value), "text without spaces around it")
        return value

    def one_of(self, column: str, valid: Sequence[str]) -> str:
        value = self.row[column]
        if value not in valid:
            self._found(
                f"{self.where} {column}", repr(value), f"one of {len(valid)} known words",
                nearest(value, valid, limit=20),
            )  # fmt: skip
        return value

    def number(self, column: str) -> Decimal:
        if not _DECIMAL.fullmatch(self.row[column]):
            self._found(f"{self.where} {column}", repr(self.row[column]), "a decimal of 0 or more")
            return Decimal(0)
        return Decimal(self.row[column])

    def date(self, column: str) -> dt.date:
        try:
            return dt.date.fromisoformat(self.row[column])
        except ValueError:
            self._found(f"{self.where} {column}", repr(self.row[column]), "a date, YYYY-MM-DD")
            return dt.date.min


def _price_row(cell: _Reader) -> PriceRow:
    kind = cell.one_of("tier_kind", TIER_KINDS)
    price = None if kind == "open" and not cell.row["price"] else cell.number("price")
    return PriceRow(
        cell.text("sku"), cell.text("region"), price, cell.one_of("currency", CURRENCIES),
        cell.one_of("unit", PRICE_UNITS), cell.number("tier_from"), kind, cell.date("valid_from"),
        cell.date("retrieved_on"), cell.text("source"), cell.one_of("confidence", CONFIDENCES),
        cell.row["note"],
    )  # fmt: skip


def _capacity_row(cell: _Reader) -> CapacityRow:
    return CapacityRow(
        cell.text("item"), cell.text("attribute"), cell.number("value"),
        cell.one_of("unit", CAPACITY_UNITS), cell.date("valid_from"), cell.date("retrieved_on"),
        cell.text("source"), cell.one_of("confidence", CONFIDENCES), cell.row["note"],
    )  # fmt: skip


def _read(
    folder: Path, row: type[_Row], make: Callable[[_Reader], _Row], key: Callable[[_Row], object]
) -> tuple[tuple[_Row, ...], str]:
    """Return all rows of all tables under ``folder``, and the sha256 of the tables."""
    problems: list[Problem] = []
    rows: list[_Row] = []
    seen: dict[object, str] = {}
    digest = hashlib.sha256()
    columns = list(row.__dataclass_fields__)  # type: ignore[attr-defined]  # _Row is a dataclass
    for path in sorted(folder.rglob("*.csv")):
        cell = _Reader(path, problems)
        for _ in cell.rows(columns):
            made = make(cell)
            first = seen.setdefault(key(made), cell.where)
            if first != cell.where:
                problems.append(Problem(cell.where, "a duplicate row", f"one row; see {first}"))
            rows.append(made)
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() if path.is_file() else b"")
    if problems:
        raise PriceTableError(str(folder), problems)
    if not rows:
        raise PriceTableError(str(folder), [Problem("tables", "no rows", "CSV files with rows")])
    return tuple(rows), digest.hexdigest()


def read_prices(folder: Path) -> tuple[tuple[PriceRow, ...], str]:
    """Return every price row under ``folder`` and the tables' sha256.

    Raises :class:`~kafkatco.errors.PriceTableError` with every problem of every file.
    """
    rows, digest = _read(
        folder, PriceRow, _price_row, lambda r: (r.sku, r.region, r.valid_from, r.tier_from)
    )

    def price(row: PriceRow) -> tuple[str, str, dt.date]:
        return row.sku, row.region, row.valid_from

    problems = []
    for key, group in itertools.groupby(sorted(rows, key=price), key=price):
        problems += _tiers(" ".join((*key[:2], key[2].isoformat())), list(group))
    if problems:
        raise PriceTableError(str(folder), problems)
    return rows, digest


def _tiers(where: str, tiers: list[PriceRow]) -> list[Problem]:
    """Find what is wrong with the rows that make one price of one date."""
    rules = (
        (min(row.tier_from for row in tiers) == 0, "no tier from 0", "a price restated with all "
         "its tiers, from 0"),
        (len(tiers) == 1 or all(row.tier_kind == "marginal" for row in tiers),
         f"{len(tiers)} rows that are not all marginal", "one row, or marginal tiers"),
        (len({(row.unit, row.currency) for row in tiers}) == 1, "tiers of several units or "
         "currencies", "one unit and one currency"),
        (all((row.price is None) == (row.tier_kind == "open") for row in tiers),
         "an open row with a price", "no price in an open row"),
    )  # fmt: skip
    return [Problem(where, given, expected) for good, given, expected in rules if not good]


def stamp(folder: Path) -> tuple[object, ...]:
    """Return what changes when a table under ``folder`` does: names, times and sizes."""
    files = sorted(folder.rglob("*.csv"))
    stats = [(path, path.stat()) for path in files if path.is_file()]
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats)


def read_capacities(folder: Path) -> tuple[tuple[CapacityRow, ...], str]:
    """Return every capacity row under ``folder`` and the tables' sha256."""
    return _read(folder, CapacityRow, _capacity_row, lambda r: (r.item, r.attribute, r.valid_from))
