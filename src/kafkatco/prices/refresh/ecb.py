"""The European Central Bank's reference rates: the value of one USD in each currency of the tables.

The bank publishes the value of one EUR, so a rate of the dollar is a cross of two rates.  Usually
the file of the newest day is enough; after a month, or for an earlier date, the whole history is
read, which is a zip file.
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
from kafkatco.i18n.message import _
from kafkatco.prices.refresh.fetched_file import Origin, describe
from kafkatco.prices.refresh.http import MEGABYTE, Web
from kafkatco.prices.refresh.parse import date_of, failed, number_of, plain, unexpected
from kafkatco.prices.refresh.source import FileQuotes, Query, Quote
from kafkatco.prices.refresh.source_helpers import kept_days

__all__ = ["Ecb", "cross_rate"]

LABEL: Final = _("ECB reference rates")
HISTORY: Final = _("ECB reference rates, history")
#: The largest unpacked history; that of 2026 has two megabytes.
MOST: Final = 32 * MEGABYTE
#: The decimals of the tables: fewer for currencies of which a dollar buys hundreds.
FEW: Final = Decimal("0.0001")
MANY: Final = Decimal("0.000001")
HUNDREDS: Final = ("JPY", "KRW")
#: The errors of opening a damaged or encrypted zip.
UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)

#: The printed rates of one EUR, by day and currency.
Days = Mapping[dt.date, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Ecb:
    """The reference rates of the European Central Bank, which are public."""

    url: str = "https://www.ecb.europa.eu/stats/eurofxref"
    name: str = "ecb"
    prefix: str = "fx.usd."
    keys: tuple[str, ...] = ()
    table: str = "fx/ecb.csv"

    def read(self, web: Web, query: Query) -> Iterator[FileQuotes]:
        """Yield the last rates of each month after the tables' last ones, and the newest rates."""
        codes = {sku: sku.removeprefix(self.prefix).upper() for sku in query.skus(self.prefix)}
        covers = frozenset((sku, "any") for sku in codes)
        if not codes:
            return
        url = f"{self.url}/eurofxref-daily.xml"
        with web.file(url, label=LABEL, most=MEGABYTE, skip=True) as raw:
            if raw is None:
                yield FileQuotes(LABEL, covers, None)
                return
            days, origin = _newest(raw.path.read_bytes()), raw.origin
        (newest,) = days
        begun = newest.replace(day=1)
        if query.as_of < newest or any(query.last[sku] < begun for sku in codes):
            with web.file(f"{self.url}/eurofxref-hist.zip", label=HISTORY) as raw:
                assert raw is not None  # nothing is skipped
                packed, origin = raw.path.read_bytes(), raw.origin
            days = _history(_unpacked(packed), {"USD", *codes.values()})
            if max(days, default=dt.date.min) < min(newest, query.as_of):
                sentence = _("no day up to {date}", date=str(min(newest, query.as_of)))
                if days:
                    sentence = _(
                        "the last day is {last}, before {date}",
                        last=str(max(days)),
                        date=str(min(newest, query.as_of)),
                    )
                raise failed(HISTORY, sentence, _("Try again in an hour"))
        if not any(day <= query.as_of for day in days):
            sentence = _("no day up to {date}", date=str(query.as_of))
            raise failed(LABEL, sentence, _("The rates begin on 1999-01-04"))
        newest = max(day for day in days if day <= query.as_of)
        ahead = {(sku, "any") for sku in codes if query.last[sku] > newest}
        if ahead:  # a row of another source, or an outdated mirror
            yield FileQuotes(LABEL, frozenset(ahead), None)
        quotes = [
            quote
            for sku, code in codes.items()
            if query.last[sku] <= newest
            for quote in _quotes(sku, code, days, query, origin)
        ]
        yield FileQuotes(LABEL, covers - ahead, tuple(quotes))


def cross_rate(code: str, usd: Decimal, other: Decimal) -> tuple[Decimal, str]:
    """Return the value of one USD in a currency, and the arithmetic, from the rates of one EUR.

    >>> cross_rate("KRW", Decimal("1.25"), Decimal("1500.00"))
    (Decimal('1200.0000'), 'EURKRW 1500 / EURUSD 1.25')
    """
    with localcontext(prec=60):  # enough for any number of an invalid file
        rate = (other / usd).quantize(FEW if code in HUNDREDS else MANY)
    first = "1" if code == "EUR" else f"EUR{code} {plain(other)}"
    return rate, f"{first} / EURUSD {plain(usd)}"


def _quotes(sku: str, code: str, days: Days, query: Query, origin: Origin) -> Iterator[Quote]:
    """Yield the wanted rates of one currency; nothing if the bank has no rate of it."""
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
    pair = f"EUR{code}"
    if code not in rates:
        sentence = _("no rate of {pair} on {day}", pair=pair, day=day.isoformat())
        raise failed(LABEL, sentence, nearest(code, rates))
    rate = number_of(rates[code], LABEL, _("{pair} on {day}", pair=pair, day=day.isoformat()))
    if not rate:
        raise failed(LABEL, _("the rate of {pair} on {day} is 0", pair=pair, day=day.isoformat()))
    return rate


def _newest(data: bytes) -> Days:
    """Return the one day of the daily file."""
    try:
        text = data.decode("utf-8-sig")
        if "<!" in text.replace("<!--", ""):  # no other encoding hides it: this text is parsed
            content = describe(data)
            content = _("XML with a DOCTYPE") if content == "XML" else content
            raise unexpected(LABEL, content, _("plain XML"))
        root = ET.fromstring(text)  # noqa: S314 - no DOCTYPE, as checked above
    except (UnicodeDecodeError, ET.ParseError):
        raise unexpected(LABEL, describe(data), _("XML in UTF-8")) from None
    cubes = [cube for cube in root.iterfind(".//{*}Cube") if "time" in cube.attrib]
    if len(cubes) != 1:
        raise failed(LABEL, _("the file has {count} days instead of one", count=len(cubes)))
    rates = {
        cube.attrib["currency"]: cube.attrib["rate"]
        for cube in cubes[0].iterfind("{*}Cube")
        if {"currency", "rate"} <= cube.attrib.keys()
    }
    return {date_of(cubes[0].attrib["time"], LABEL): rates}


def _unpacked(data: bytes) -> str:
    """Return the text of the only CSV file in the history, whatever the size in its header."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = [file for file in archive.infolist() if file.filename.endswith(".csv")]
            if len(files) != 1:
                sentence = _("the zip has {count} CSV files instead of one", count=len(files))
                raise failed(HISTORY, sentence)
            if files[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise failed(HISTORY, _("the zip is neither stored nor deflated"))
            with archive.open(files[0]) as file:
                text = file.read(MOST + 1)
    except UNREADABLE:
        expected = _("a complete zip without encryption")
        raise unexpected(HISTORY, describe(data), expected) from None
    if len(text) > MOST:
        raise failed(HISTORY, _("more than {count:,} bytes after unpacking", count=MOST))
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise failed(HISTORY, _("the CSV file is not in UTF-8")) from None


def _history(text: str, wanted: Collection[str]) -> Days:
    """Return the wanted columns of every day; a currency without a column is left out."""
    days: dict[dt.date, dict[str, str]] = {}
    try:
        lines = csv.reader(io.StringIO(text), strict=True)
        header = [cell.strip() for cell in next(lines, [])]
        if header[:1] != ["Date"]:
            raise failed(HISTORY, _("the CSV file does not begin with the column Date"))
        for line in lines:
            if len(line) != len(header):
                sentence = _(
                    "line {line} has {count} cells instead of {width}",
                    line=lines.line_num,
                    count=len(line),
                    width=len(header),
                )
                raise failed(HISTORY, sentence)
            cells = dict(zip(header, map(str.strip, line), strict=True))
            days[date_of(cells["Date"], HISTORY)] = {c: cells[c] for c in wanted if c in cells}
    except csv.Error as error:
        raise failed(HISTORY, _("invalid CSV ({reason})", reason=str(error))) from None
    return days
