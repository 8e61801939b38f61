"""Read a file of Amazon's price list line by line: that of EC2 has hundreds of megabytes.

Five lines describe the file.  The header follows; its columns differ by service and over time, and
are looked up by name.  The rules of each usage type are looked up once.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from kafkatco.errors import either, nearest
from kafkatco.i18n.message import _, verbatim
from kafkatco.prices.meters.aws_rule import Layout, Rule, without_region
from kafkatco.prices.refresh.fetched_file import Origin, Raw, describe
from kafkatco.prices.refresh.parse import DIGITS, date_of, failed, is_usual, unexpected
from kafkatco.prices.refresh.source import PriceKey, Quote

__all__ = ["FileContent", "read_file"]

#: The lines before the header, each of two fields.
ABOUT: Final = ("FormatVersion", "Disclaimer", "Publication Date", "Version", "OfferCode")
#: The unit of upfront payments, which are no price of use.
UPFRONT: Final = "Quantity"
#: The values that lines must have in these columns, unless they are missing or empty.
REQUIRED_VALUES: Final[Mapping[str, str]] = {
    "Region Code": "{region}",
    "From Region Code": "{region}",
    "DiscountedRegionCode": "{region}",
    "Location Type": "AWS Region",
    "MarketOption": "OnDemand",
}
#: The number of lines between two reports of progress.
STEP: Final = 50_000


@dataclass(frozen=True, slots=True)
class FileContent:
    """The quotes of a file, each with its product, and the other skus in the file."""

    quotes: list[tuple[str, Quote]] = field(default_factory=list)
    other: set[str] = field(default_factory=set)


class _Candidate(NamedTuple):
    """A possible price of a usage type, and the values that its columns must have for it."""

    rule: Rule
    sku: str
    must: tuple[tuple[int, str], ...]
    towards: int | None


def read_file(
    raw: Raw,
    rules: Sequence[Rule],
    layout: Layout,
    region: str,
    covers: Iterable[PriceKey],
    report: Callable[[int], None] | None = None,
) -> FileContent:
    """Return the prices of one region in a file; ``report`` gets the number of lines so far.

    ``covers`` has the wanted skus and regions; prices that depend on a destination are read for
    these regions only.
    """
    content, wanted = FileContent(), frozenset(covers)
    with raw.path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            published, header = _preamble(reader, raw)
            _check(header, rules, layout, raw.label)
            at = {name: index for index, name in enumerate(header)}
            origin = raw.origin._replace(published=published)
            required = [
                (at[name], text.format(region=region))
                for name, text in REQUIRED_VALUES.items()
                if name in at
            ]
            matches = _matching(reader, rules, at, layout.usage, required, raw, report)
            for line, rule, sku, towards in matches:
                if (sku, region) not in wanted:
                    content.other.add(sku)
                    continue
                if towards is not None and (sku, line[towards]) not in wanted:
                    continue
                cells = {name: line[at[name]] for name in layout.columns}
                for quote in _quotes(rule, sku, region, cells, layout, raw.label, origin):
                    content.quotes.append((cells[layout.product], quote))
        except (csv.Error, UnicodeDecodeError) as error:
            raise failed(raw.label, _("invalid CSV ({reason})", reason=str(error))) from None
    return content


def _matching(
    reader: Iterable[list[str]],
    rules: Sequence[Rule],
    at: Mapping[str, int],
    usage: str,
    required: Sequence[tuple[int, str]],
    raw: Raw,
    report: Callable[[int], None] | None,
) -> Iterator[tuple[list[str], Rule, str, int | None]]:
    """Yield each line that is a price, with the first rule that matches it."""
    width, usage_at, unit_at = len(at), at[usage], at["Unit"]
    cache: dict[str, tuple[_Candidate, ...]] = {}
    for number, line in enumerate(reader):
        if report and number % STEP == 0:
            report(number)
        if len(line) != width:
            if not line:
                continue
            sentence = _(
                "line {line} of the prices has {count} cells instead of {width}",
                line=number + 1,
                count=len(line),
                width=width,
            )
            raise failed(raw.label, sentence)
        name = line[usage_at]
        candidates = cache.get(name)
        if candidates is None:
            candidates = cache[name] = tuple(_candidates(name, rules, at))
        if not candidates or line[unit_at] == UPFRONT:
            continue
        if any(line[index] not in ("", text) for index, text in required):
            continue
        for rule, sku, must, towards in candidates:
            if all(line[index] == text for index, text in must):
                yield line, rule, sku, towards
                break


def _candidates(usage: str, rules: Sequence[Rule], at: Mapping[str, int]) -> Iterator[_Candidate]:
    name = without_region(usage)
    for rule in rules:
        sku = rule.sku_of(name)
        if sku is not None:
            must = tuple((at[column], text) for column, text in rule.having.items())
            yield _Candidate(rule, sku, must, at[rule.towards] if rule.towards else None)


def _preamble(reader: Iterator[list[str]], raw: Raw) -> tuple[dt.date, list[str]]:
    """Return the publication date and the header, from the first lines of a file."""
    about: dict[str, str] = {}
    for line in reader:
        if len(line) >= 2 and line[0] in ABOUT:
            about[line[0]] = line[1]
            continue
        if "Publication Date" not in about or not line:
            break
        if about.get("FormatVersion") != "v1.0":
            version = about.get("FormatVersion", "")[:40]
            raise unexpected(
                raw.label, _("format version {version!r}", version=version), verbatim("v1.0")
            )
        return date_of(about["Publication Date"], raw.label), line
    with raw.path.open("rb") as file:
        start = file.read(200)
    raise unexpected(raw.label, describe(start), _("a file of the AWS Price List (CSV)"))


def _check(header: Sequence[str], rules: Sequence[Rule], layout: Layout, label: str) -> None:
    required = sorted(frozenset().union(*(rule.columns for rule in rules)))
    missing = [name for name in (*layout.columns, *required) if name not in header]
    if missing:
        hint = nearest(missing[0], header)
        sentence = _("missing columns: {columns}", columns=", ".join(missing))
        raise failed(label, sentence, hint)
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise failed(label, _("duplicate columns: {columns}", columns=", ".join(twice)))


def _quotes(
    rule: Rule,
    sku: str,
    region: str,
    cells: Mapping[str, str],
    layout: Layout,
    label: str,
    origin: Origin,
) -> Iterator[Quote]:
    """Yield the price of one line, in the unit of the tables, after its free tier if any."""
    name = f"{sku} (SKU {cells[layout.product][:40]})"
    if cells["Unit"] not in rule.units:
        unit = _("unit {unit!r} of {name}", unit=cells["Unit"][:40], name=name)
        raise unexpected(label, unit, either(rule.units))
    if cells["Currency"] != "USD":
        currency = _("currency {currency!r} of {name}", currency=cells["Currency"][:40], name=name)
        raise unexpected(label, currency, verbatim("USD"))
    start = cells.get(layout.edge, "0") or "0"
    numbers = _(
        "price {price!r} from {edge!r} of {name}",
        price=cells[layout.price][:40],
        edge=start[:40],
        name=name,
    )
    try:
        price, edge = Decimal(cells[layout.price]), Decimal(start)
    except InvalidOperation:
        raise unexpected(label, numbers, _("decimals")) from None
    if not (is_usual(price) and is_usual(edge)):
        raise unexpected(label, numbers, DIGITS)
    quote = Quote(
        sku,
        region,
        price * rule.scale,
        cells["Currency"],
        rule.unit,
        origin,
        tier_from=edge / rule.scale + rule.tier_from,
        since=date_of(cells["EffectiveDate"], label),
        note=rule.note,
    )
    if rule.free and edge == 0 and price > 0:
        yield quote._replace(price=Decimal(0), note=rule.why_free)
        quote = quote._replace(tier_from=rule.free)
    yield quote
