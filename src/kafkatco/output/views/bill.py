"""View of a bill, and of several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import money, number, prices_note, ranged
from kafkatco.core.result import BOOK_COLUMNS, View
from kafkatco.core.table import Table, Tone
from kafkatco.core.vocabulary import word
from kafkatco.costing.people import winners_of
from kafkatco.costing.price_ranges import close_call
from kafkatco.i18n.message import Message, _, join, verbatim
from kafkatco.prices.rows import CapacityRow

if TYPE_CHECKING:
    import xarray as xr

    from kafkatco.costing.bill import Alternative, Bill
    from kafkatco.costing.lines import Line
    from kafkatco.costing.price_ranges import PriceRange
    from kafkatco.prices.assumptions import Assumption
    from kafkatco.prices.rows import PriceRow
    from kafkatco.sizing.traffic_profile import PeakHour
    from kafkatco.sizing.utilisation import Utilisation

__all__ = ["BILL", "BILLS", "bill_table", "bills_dict"]

#: How many dimensions a note on utilisation has.
DIMENSIONS: Final = 3
HOURS_OF_DAY: Final = 24
#: The days of a week, of which a profile begins with the first.
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

#: The mark of a price of the user's own.
YOURS: Final = "*"
#: The mark of a price from a secondary source.
SECONDARY: Final = "~"

LINE_COLUMNS: Final = (
    "component",
    "sku",
    "quantity",
    "unit",
    "unit_price",
    "cost",
    "note",
    "list_price",
    "list_currency",
    "valid_from",
    "confidence",
    "source",
    "where",
    "yours",
    "environment",
    "part",
)


def line_dict(line: Line) -> dict[str, Any]:
    """Return a line as plain values; without a price, its unit price and cost are ``None``."""
    row = line.row
    return {
        "component": line.component,
        "sku": line.sku,
        "quantity": float(line.quantity),
        "unit": line.unit,
        "unit_price": line.unit_price,
        "cost": None if line.cost is None else float(line.cost),
        "note": line.note,
        "list_price": float(row.price) if row and row.price is not None else None,
        "list_currency": row.currency if row else "",
        "valid_from": row.valid_from.isoformat() if row else "",
        "confidence": row.confidence if row else "",
        "source": row.source if row else "",
        "where": row.where if row else "",
        "yours": line.yours,
        "environment": line.environment,
        "part": line.part,
    }


def bill_dict(bill: Bill) -> dict[str, Any]:
    """Return one deployment of ``kafkatco bill --format json``."""
    return {
        "name": bill.name,
        "kind": bill.kind,
        "region": bill.region,
        "provider_charges": bill.provider_charges,
        "people": bill.people,
        "total": bill.total,
        "low": bill.low,
        "high": bill.high,
        "ranges": _ends_dict(bill.price_range),
        "sizing": bill.sizing.describe(),
        "utilisation": [asdict(row) for row in bill.utilisation],
        "alternatives": [asdict(row) for row in bill.alternatives],
        "assumptions": {
            "set": bill.prices["assumptions"],
            "replaced": [asdict(row) for row in bill.replaced],
        },
        "environments": [
            {
                "name": one.name,
                "region": one.region,
                "total": one.total,
                "sizing": one.sizing.describe(),
            }
            for one in bill.environments
        ],
        "lines": [line_dict(line) for line in bill.lines],
        "one_off": {
            "total": bill.one_off_total,
            "lines": [line_dict(line) for line in bill.one_off],
        },
        "infeasible": list(bill.infeasible),
        "open": list(bill.unpriced_skus),
        "unchecked": list(bill.unchecked),
        "is_floor": bill.is_floor,
        "not_modelled": list(bill.not_modelled),
        "notes": list(bill.notes),
        "recovered_tax": bill.recovered_tax,
        "peak_hour": None if bill.peak_hour is None else asdict(bill.peak_hour),
    }


def _ends_dict(found: PriceRange | None) -> list[dict[str, Any]]:
    """Return the figures with a range as plain values: both ends, each with its source."""

    def plain(row: PriceRow | CapacityRow) -> dict[str, Any]:
        amount = row.value if isinstance(row, CapacityRow) else row.price
        return {
            "value": None if amount is None else float(amount),
            "unit": row.unit,
            "currency": None if isinstance(row, CapacityRow) else row.currency,
            "valid_from": row.valid_from.isoformat(),
            "confidence": row.confidence,
            "source": row.source,
            "where": row.where,
        }

    ends = found.ends if found else ()
    return [{"figure": end.figure, "low": plain(end.low), "high": plain(end.high)} for end in ends]


def _rates(bills: Sequence[Bill]) -> list[PriceRow]:
    lines = (line for bill in bills for line in (*bill.lines, *bill.one_off))
    return list(dict.fromkeys(row for line in lines for row in line.rates))


def bills_dict(bills: Sequence[Bill]) -> dict[str, Any]:
    """Return ``kafkatco bill --format json``."""
    prices = bills[0].prices
    winners, close = winners_of(bills), close_call(bills, bills[0].currency)
    unused: Mapping[str, str] = getattr(bills, "unused_overrides", {})  # a plain list has none
    return {
        "prices": {name: prices[name] for name in BOOK_COLUMNS},
        "capacities": {"sha256": prices["capacity_sha256"]},
        "exchange_rates": [
            {
                "sku": row.sku,
                "price": str(row.price),
                "valid_from": row.valid_from.isoformat(),
                "source": row.source,
                "where": row.where,
            }
            for row in _rates(bills)
        ],
        "currency": bills[0].currency,
        "deployments": [bill_dict(bill) for bill in bills],
        "unused_overrides": [{"sku": sku, "note": note} for sku, note in unused.items()],
        "cheapest": {
            "provider_charges": winners.provider_charges or None,
            "total": winners.total or None,
            "text": join("; ", filter(None, [winners.text, close.text])) or None,
            "too_close": close.describe(),
        },
    }


BILL_COLUMNS: Final = ("deployment", "due", *LINE_COLUMNS, "currency")


def bill_rows(bill: Bill) -> list[list[Any]]:
    """Return one row for each line under ``BILL_COLUMNS``, one-off lines last.

    An infeasible deployment has one row, without a cost and with the reasons as its note.
    """
    rows = []
    for line in (*bill.lines, *bill.one_off):
        cells = line_dict(line)
        due = "once" if line.one_off else "monthly"
        rows.append([bill.name, due, *(cells[column] for column in LINE_COLUMNS), bill.currency])
    if bill.infeasible:
        cells = dict.fromkeys(LINE_COLUMNS)
        cells.update(component="cannot serve", note="; ".join(bill.infeasible))
        rows.append([bill.name, "monthly", *cells.values(), bill.currency])
    return rows


def bill_dataset(bill: Bill) -> xr.Dataset:
    """Return the lines over ``line``, one-off lines last; a missing price is NaN."""
    import numpy as np
    import xarray as xr

    lines = (*bill.lines, *bill.one_off)

    def numbers(values: list[Any]) -> tuple[str, Any]:
        return "line", np.array([np.nan if x is None else float(x) for x in values], dtype=float)

    def texts(values: list[str]) -> tuple[str, Any]:
        return "line", np.array(values, dtype=object)

    data = xr.Dataset(
        {
            "quantity": numbers([line.quantity for line in lines]),
            "unit_price": numbers([line.unit_price for line in lines]),
            "cost": numbers([line.cost for line in lines]),
        },
        coords={
            "component": texts([line.component for line in lines]),
            "sku": texts([line.sku for line in lines]),
            "unit": texts([line.unit for line in lines]),
            "due": texts(["once" if line.one_off else "monthly" for line in lines]),
        },
        attrs={"deployment": bill.name, **bill._about()},
    )
    data["cost"].attrs["units"] = bill.currency
    data["unit_price"].attrs["units"] = f"{bill.currency} per unit"
    return data


def bill_table(bill: Bill) -> Table:
    """Return the itemised bill."""
    currency = bill.currency
    rows = [_line_cells(line, currency) for line in bill.lines]
    if not bill.infeasible:
        people = money(bill.people, currency) if bill.staffed else _("not set")
        charges = money(bill.provider_charges, currency)
        for one in bill.environments:
            named = _("environment {name}", name=one.name)
            rows.append((named, "", "", "", "", money(one.total, currency)))
        rows.append((_("provider charges"), "", "", "", "", charges))
        rows.append((_("people"), "", "", "", "", people))
    last, tone = len(rows), _tone_of(bill)
    if bill.infeasible:
        reasons = join("; ", bill.infeasible)
        rows.append((_("cannot handle the load"), reasons, "", "", "", ""))
    else:
        floor = "+" if bill.is_floor else ""
        total = ranged(money(bill.total, currency) + floor, bill.low, bill.high, currency)
        rows.append((_("total a month"), "", "", "", "", total))
    rows += [_line_cells(line, currency) for line in bill.one_off]
    notes = [_sizing_note(bill.sizing.describe())]
    if not bill.infeasible:
        notes += [
            join(": ", [one.name, _sizing_note(one.sizing.describe())]) for one in bill.environments
        ]
        notes += _utilisation_notes(bill.utilisation)
        notes += _alternative_notes(bill.alternatives, bill.total)
        notes += _range_notes(bill.price_range)
    if any(line.yours for line in (*bill.lines, *bill.one_off)):
        notes.append(_("* your own price"))
    if any(map(_is_secondary, (*bill.lines, *bill.one_off))):
        notes.append(_("~ from a secondary source"))
    if bill.unpriced_skus:
        notes.append(
            _(
                "+ a floor: book {book!r} has no price of {skus}",
                book=bill.prices["book"],
                skus=", ".join(bill.unpriced_skus),
            )
        )
    if bill.unchecked:
        notes.append(_("+ a floor: {reasons}", reasons=join("; ", bill.unchecked)))
    if bill.recovered_tax:
        notes.append(
            _(
                "VAT that is paid and recovered, in no total: {amount} {currency} a month",
                amount=money(bill.recovered_tax, currency),
                currency=currency,
            )
        )
    if bill.peak_hour is not None:
        notes.append(_peak_note(bill.peak_hour))
    notes += bill.notes
    notes += [
        _("people: {note}", note=line.note)
        for line in bill.lines
        if line.component == "labour" and line.note
    ]
    notes.append(_assumptions_note(bill.prices["assumptions"], bill.replaced))
    notes.append(prices_note(bill.prices))
    if bill.not_modelled:
        notes.append(_("not modelled: {costs}", costs=join(", ", bill.not_modelled)))
    return Table(
        _(
            "{name} ({kind}, {region}), {currency} a month",
            name=bill.name,
            kind=bill.kind,
            region=bill.region,
            currency=currency,
        ),
        (_("component"), verbatim("sku"), _("quantity"), _("unit"), _("unit price"), _("cost")),
        tuple(rows),
        frozenset({2, 4, 5}),
        tuple(notes),
        frozenset({(last, 0, tone), (last, 5, tone)}),
    )


def bill_tables(bills: Sequence[Bill]) -> Iterator[Table]:
    """Yield the itemised bills, the last with who is cheapest with and without people.

    It also has those that are too close to call.
    """
    said = [winners_of(bills).text, close_call(bills, bills[0].currency).text] if bills else []
    for bill in bills:
        table = bill_table(bill)
        last = filter(None, said if bill is bills[-1] else [])
        yield replace(table, notes=(*table.notes, *last))


def _range_notes(found: PriceRange | None) -> list[Message]:
    """Return a note with the figures of which the provider publishes a range, if any."""
    if found is None:
        return []
    figures = ", ".join(end.figure for end in found.ends)
    return [_("the provider publishes a range, not who pays which end: {figures}", figures=figures)]


def _tone_of(bill: Bill) -> Tone:
    """Return the tone of a total."""
    return "refused" if bill.infeasible else "floor" if bill.is_floor else "total"


def _line_cells(line: Line, currency: str) -> tuple[str, ...]:
    component = word(line.use)
    if line.environment:
        component = join(": ", [line.environment, component])
    mark = YOURS if line.yours else SECONDARY if _is_secondary(line) else ""
    return (
        _("{component} (once)", component=component) if line.one_off else component,
        line.sku,
        number(float(line.quantity)),
        word(line.unit),
        _("no price") if line.unit_price is None else number(line.unit_price) + mark,
        money(None if line.cost is None else float(line.cost), currency),
    )


def _is_secondary(line: Line) -> bool:
    return line.row is not None and line.row.confidence == "secondary"


def _sizing_note(sizing: Mapping[str, Any]) -> Message:
    """Return a note with the size of a deployment and how it was chosen."""
    details = join(
        ", ",
        [
            _("{name} {value}", name=detail_name(name), value=detail_text(value))
            for name, value in sizing.items()
            if name != "chosen"
        ],
    )
    return _("sizing: {details}", details=join("; ", filter(None, [details, sizing.get("chosen")])))


def _peak_note(peak: PeakHour) -> Message:
    """Return a note with the hour of the highest traffic, and its peak."""
    day, hour = divmod(peak.hour, HOURS_OF_DAY)
    time, over_mean, within = f"{hour:02d}:00", f"{peak.over_mean:.3g}", f"{peak.within:.3g}"
    clauses = [
        _(
            "traffic is highest at {time}: {factor} times its mean",
            time=time if peak.of == HOURS_OF_DAY else join(" ", [word(DAYS[day]), time]),
            factor=over_mean,
        ),
        _("a peak within the hour of {factor} times that", factor=within)
        if peak.within > 1.0
        else _("no peak within the hour is stated"),
    ]
    return join("; ", clauses)


def _assumptions_note(name: str, replaced: Sequence[Assumption]) -> Message:
    """Return a note with the set of assumptions, and with those that differ from it."""
    if not replaced:
        return _("assumptions: {set}", set=name)
    changes = []
    for one in replaced:
        value, of_set = number(one.value), number(one.of_set)
        change = _("{name} {value}, not {of_set}", name=one.name, value=value, of_set=of_set)
        changes.append(change)
    return _("assumptions: {set}, but {changes}", set=name, changes=join("; ", changes))


def _utilisation_notes(rows: Sequence[Utilisation]) -> list[Message]:
    """Return a note with the dimensions closest to their limit, if any is known."""
    used = sorted((row for row in rows if row.peak), key=lambda row: -row.of_limit)[:DIMENSIONS]
    if not used:
        return []
    peak = _shares({row.dimension: row.peak for row in used})
    clauses = [_("utilisation at peak: {shares}", shares=peak)]
    if any(row.zone_lost is not None for row in used):
        zone_lost = _shares({row.dimension: row.zone_lost for row in used})
        clauses.append(_("with a zone lost: {shares}", shares=zone_lost))
    return [join("; ", clauses)]


def _shares(shares: Mapping[str, float | None]) -> Message:
    """Return dimensions with their shares [1] as percentages, without those that have none."""
    known = [
        (word(name), f"{100.0 * share:.0f} %")
        for name, share in shares.items()
        if share is not None
    ]
    return join(", ", [_("{name} {value}", name=name, value=value) for name, value in known])


def _alternative_notes(rows: Sequence[Alternative], total: float | None) -> list[Message]:
    """Return a note with the next candidates and how much more each costs, if there are any."""
    if not rows or not total:
        return []
    candidates = []
    for row in rows:
        more = f"{100.0 * row.more / total:+.1f}"
        units = _(
            "{count} {unit} of {label} {more} %",
            count=number(row.count),
            unit=word(row.unit),
            label=row.label,
            more=more,
        )
        candidates.append(units)
    return [_("next: {candidates}", candidates=join(", ", candidates))]


def detail_name(name: str) -> Message:
    """Return the name of a detail of a sizing.

    >>> detail_name("memory_gib_per_vcpu"), detail_name("eckus")
    ('memory GiB per vCPU', 'eCKUs')
    """
    for code, spelling in (("_", " "), ("gib", "GiB"), ("vcpu", "vCPU"), ("cku", "CKU")):
        name = name.replace(code, spelling)
    return word(name)


def detail_text(value: Any) -> str:
    """Return a detail of a sizing as text."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return number(value) if isinstance(value, float) else word(str(value))


BILL: Final = View(
    columns=BILL_COLUMNS,
    rows=bill_rows,
    tables=lambda bill: [bill_table(bill)],
    plain=bill_dict,
    dataset=bill_dataset,
)
BILLS: Final = View(
    columns=BILL_COLUMNS,
    rows=lambda bills: [row for bill in bills for row in bill_rows(bill)],
    tables=bill_tables,
    plain=bills_dict,
    plots={"plot": "plot_bills"},
)
