"""How changed prices are shown, alone and with what they do to answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import number
from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.output.views.impact import IMPACT_COLUMNS, impact_rows
from kafkatco.output.views.impact_tables import impact_tables
from kafkatco.output.views.prices import amount, records_of
from kafkatco.prices.results import service_of

if TYPE_CHECKING:
    from kafkatco.prices import Change
    from kafkatco.prices.results import PriceChanges, PriceImpact

__all__ = ["CHANGE_COLUMNS", "PRICE_CHANGES", "PRICE_IMPACT", "change_rows", "changes_table"]

CHANGE_COLUMNS: Final = (
    "sku",
    "region",
    "tier_from",
    "unit",
    "currency",
    "before",
    "after",
    "percent",
    "valid_from",
    "source",
    "note",
)


def change_rows(changes: Sequence[Change]) -> list[list[Any]]:
    """Return one row for each changed price under ``CHANGE_COLUMNS``."""
    rows = []
    for change in changes:
        row = change.after or change.before
        assert row is not None
        before, after = (
            str(side.price) if side is not None and side.price is not None else None
            for side in (change.before, change.after)
        )
        rows.append(
            [
                change.sku,
                change.region,
                str(row.tier_from),
                row.unit,
                row.currency,
                before,
                after,
                change.percent,
                row.valid_from.isoformat(),
                row.source,
                row.note,
            ]
        )
    return rows


def changes_table(changes: PriceChanges) -> Table:
    """Return what changed between two dates; what is newly known is counted, service by service."""
    before, after = changes.before, changes.after
    rows, new = [], Counter[str]()
    for change in changes:
        if change.before is None:
            new[service_of(change.sku)] += 1
            continue
        row = change.after or change.before
        percent = "-" if change.percent is None else f"{change.percent:+,.2f} %"
        tier = f" from {number(float(row.tier_from))}" if row.tier_from else ""
        unit = f"{row.currency} per {row.unit}{tier}"
        rows.append(
            (change.sku, change.region, unit, amount(change.before), amount(change.after), percent)
        )
    title = (
        f"book {after.name!r}, {before.as_of.isoformat()} to {after.as_of.isoformat()}: "
        f"{len(rows)} changed, {new.total()} newly known"
    )
    columns = ("sku", "region", "unit", "before", "after", "change")
    known = ", ".join(f"{name} {count}" for name, count in new.items())
    notes = (f"newly known (listed by --format csv or json): {known}",) if known else ()
    return Table(title, columns, tuple(rows), frozenset({3, 4, 5}), notes)


def changes_dict(found: PriceChanges) -> dict[str, Any]:
    """Return ``kafkatco prices diff --format json``."""
    return {
        "before": found.before.describe(),
        "after": found.after.describe(),
        "changes": records_of(CHANGE_COLUMNS, change_rows(found)),
    }


def impact_dict(found: PriceImpact) -> dict[str, Any]:
    """Return ``kafkatco prices diff --impact --format json``."""
    changes = changes_dict(found.changes)
    both = {"before": changes["before"], "after": changes["after"]}
    return {**both, "impact": found.impact.to_dict(), "changes": changes["changes"]}


PRICE_CHANGES: Final = View(
    columns=CHANGE_COLUMNS,
    rows=change_rows,
    tables=lambda found: [changes_table(found)],
    plain=changes_dict,
)
PRICE_IMPACT: Final = View(
    columns=IMPACT_COLUMNS,
    rows=lambda found: impact_rows(found.impact),
    tables=lambda found: [changes_table(found.changes), *impact_tables(found.impact)],
    plain=impact_dict,
)
