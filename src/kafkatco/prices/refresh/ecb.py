"""The European Central Bank's reference rates: what one USD is in each currency of the tables.

The bank gives what one EUR is worth, so that a rate of the dollar is a cross of two.  The file of
the newest day is all there is to read until a month has passed or an earlier date is asked for;
then the whole history is read, which comes zipped.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import struct
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

from kafkatco.errors import nearest
from kafkatco.prices.refresh.fetched_file import Origin, describe
from kafkatco.prices.refresh.http import MEGABYTE, Web
from kafkatco.prices.refresh.parse import date_of, failed, number_of, plain
from kafkatco.prices.refresh.source import FileQuotes, Query, Quote
from kafkatco.prices.refresh.source_helpers import kept_days

__all__ = ["Ecb", "cross_rate"]

WHAT: Final = "ECB reference rates"
#: The largest history, unpacked; that of 2026 has two megabytes.
MOST: Final = 32 * MEGABYTE
#: How many decimals the tables have: of what a dollar buys hundreds of, four will do.
FEW: Final = Decimal("0.0001")
MANY: Final = Decimal("0.000001")
HUNDREDS: Final = ("JPY", "KRW")
#: What comes of opening a broken or an encrypted zip.
UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)

#: What the bank prints for one EUR, by currency, day by day.
Days = Mapping[dt.date, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Ecb:
    """The reference rates of the European Central Bank, which are open to everybody."""

    url: str = "https://www.ecb.europa.eu/stats/eurofxref"
    name: str = "ecb"
    prefix: str = "fx.usd."
    keys: tuple[str, ...] = ()
    table: str = "fx/ecb.csv"

    def read(self, web: Web, query: Query) -> Iterator[FileQuotes]:
        """Yield each month's last rates since the tables' own, and the newest, as of a date."""
        codes = {sku: sku.removeprefix(self.prefix).upper() for sku in query.skus(self.prefix)}
        covers = frozenset((sku, "any") for sku in codes)
        if not codes:
            return
        url = f"{self.url}/eurofxref-daily.xml"
        with web.file(url, what=WHAT, most=MEGABYTE, skip=True) as raw:
            if raw is None:
                yield FileQuotes(WHAT, covers, None)
                return
            days, origin = _newest(raw.path.read_bytes()), raw.origin
        (newest,) = days
        begun = newest.replace(day=1)
        if query.as_of < newest or any(query.last[sku] < begun for sku in codes):
            with web.file(f"{self.url}/eurofxref-hist.zip", what=f"{WHAT}, history") as raw:
                assert raw is not None  # nothing is skipped
                packed, origin = raw.path.read_bytes(), raw.origin
            days = _history(_unpacked(packed), {"USD", *codes.values()})
            if max(days, default=dt.date.min) < min(newest, query.as_of):
                given = f"days up to {max(days)}" if days else "no day"
                expected = f"days up to {min(newest, query.as_of)}"
                raise failed(f"{WHAT}, history", given, expected, "Try again in an hour")
        if not any(day <= query.as_of for day in days):
            given = f"no day up to {query.as_of}"
            raise failed(WHAT, given, "one: the rates begin on 1999-01-04")
        newest = max(day for day in days if day <= query.as_of)
        ahead = {(sku, "any") for sku in codes if query.last[sku] > newest}
        if ahead:  # a row of another source, or a mirror that is behind
            yield FileQuotes(WHAT, frozenset(ahead), None)
        quotes = [
            quote
            for sku, code in codes.items()
            if query.last[sku] <= newest
            for quote in _quotes(sku, code, days, query, origin)
        ]
        yield FileQuotes(WHAT, covers - ahead, tuple(quotes))


def cross_rate(code: str, usd: Decimal, other: Decimal) -> tuple[Decimal, str]:
    """Return what one USD is in a currency, and how that comes, from what one EUR is in both.

    >>> cross_rate("KRW", Decimal("1.25"), Decimal("1500.00"))
    (Decimal('1200.0000'), 'EURKRW 1500 / EURUSD 1.25')
    """
    with localcontext(prec=60):  # enough for whatever a broken file may hold
        rate = (other / usd).quantize(FEW if code in HUNDREDS else MANY)
    first = "1" if code == "EUR" else f"EUR{code} {plain(other)}"
    return rate, f"{first} / EURUSD {plain(usd)}"


def _quotes(sku: str, code: str, days: Days, query: Query, origin: Origin) -> Iterator[Quote]:
    """Yield the rates of one currency that the tables want; none where the bank has none of it."""
    newest = max(day for day in days if day <= query.as_of)
    for day in kept_days(days, after=query.last[sku], as_of=query.as_of) or [newest]:
        rates = days[day]
        if code != "EUR" and code not in rates:
            return
        usd = _rate(rates, "USD", day)
        other = Decimal(1) if code == "EUR" else _rate(rates, code, day)
        price, note = cross_rate(code, usd, other)
        yield Quote(sku, "any", price, code, "USD", origin, since=day, derived=True, note=note)


def _rate(rates: Mapping[str, str], code: str, day: dt.date) -> Decimal:
    name = f"EUR{code} of {day.isoformat()}"
    if code not in rates:
        raise failed(WHAT, f"no {name}", "a rate", nearest(code, rates))
    rate = number_of(rates[code], WHAT, name)
    if not rate:
        raise failed(WHAT, f"0 for {name}", "a rate above 0")
    return rate


def _newest(data: bytes) -> Days:
    """Return the one day of the daily file."""
    try:
        text = data.decode("utf-8-sig")
        if "<!" in text.replace("<!--", ""):  # no other encoding hides it: this text is parsed
            given = "XML with a DOCTYPE" if describe(data) == "XML" else describe(data)
            raise failed(WHAT, given, "plain XML")
        root = ET.fromstring(text)  # noqa: S314 - no DOCTYPE, as checked above
    except (UnicodeDecodeError, ET.ParseError):
        raise failed(WHAT, describe(data), "XML in UTF-8") from None
    cubes = [cube for cube in root.iterfind(".//{*}Cube") if "time" in cube.attrib]
    if len(cubes) != 1:
        raise failed(WHAT, f"the rates of {len(cubes)} days", "those of one day")
    rates = {
        cube.attrib["currency"]: cube.attrib["rate"]
        for cube in cubes[0].iterfind("{*}Cube")
        if {"currency", "rate"} <= cube.attrib.keys()
    }
    return {date_of(cubes[0].attrib["time"], WHAT): rates}


def _unpacked(data: bytes) -> str:
    """Return the text of the one CSV file of the history, whatever size its header claims."""
    what = f"{WHAT}, history"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = [file for file in archive.infolist() if file.filename.endswith(".csv")]
            if len(files) != 1:
                raise failed(what, f"a zip of {len(files)} CSV files", "one")
            if files[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise failed(what, "a zip of an unusual method", "one that is deflated")
            with archive.open(files[0]) as file:
                text = file.read(MOST + 1)
    except UNREADABLE:
        raise failed(what, describe(data), "a whole zip that is not encrypted") from None
    if len(text) > MOST:
        raise failed(what, f"more than {MOST:,} bytes, unpacked", "a smaller history")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise failed(what, "another encoding", "CSV in UTF-8") from None


def _history(text: str, wanted: Collection[str]) -> Days:
    """Return the wanted columns of every day; a currency without a column is left out."""
    what = f"{WHAT}, history"
    days: dict[dt.date, dict[str, str]] = {}
    try:
        lines = csv.reader(io.StringIO(text), strict=True)
        header = [cell.strip() for cell in next(lines, [])]
        if header[:1] != ["Date"]:
            raise failed(what, "a file without a Date", "CSV that begins with Date,USD")
        for line in lines:
            if len(line) != len(header):
                given = f"{len(line)} cells in line {lines.line_num}"
                raise failed(what, given, f"{len(header)} cells")
            cells = dict(zip(header, map(str.strip, line), strict=True))
            days[date_of(cells["Date"], what)] = {c: cells[c] for c in wanted if c in cells}
    except csv.Error as error:
        raise failed(what, f"broken CSV ({error})", "whole CSV") from None
    return days
