"""Views of changed prices, alone and with their effect on the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.result import View
from kafkatco.core.table import Table
from kafkatco.i18n.message import _, verbatim
from kafkatco.output.views.impact import IMPACT_COLUMNS, impact_rows
from kafkatco.output.views.impact_tables import impact_tables
from kafkatco.output.views.prices import amount, percent_text, price_unit, records_of
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
    """Return the changes between two dates; new prices are counted by service."""
    before, after = changes.before, changes.after
    rows, new = [], Counter[str]()
    for change in changes:
        if change.before is None:
            new[service_of(change.sku)] += 1
            continue
        rows.append(
            (
                change.sku,
                change.region,
                price_unit(change.after or change.before),
                amount(change.before),
                amount(change.after),
                percent_text(change.percent),
            )
        )
    title = _(
        "book {book!r}, {before} to {after}: {changed} changed, {new} new",
        book=after.name,
        before=before.as_of.isoformat(),
        after=after.as_of.isoformat(),
        changed=len(rows),
        new=new.total(),
    )
    columns = (verbatim("sku"), _("region"), _("unit"), _("before"), _("after"), _("change"))
    counts = ", ".join(f"{name} {count}" for name, count in new.items())
    note = _("new (listed by --format csv or json): {counts}", counts=counts)
    return Table(title, columns, tuple(rows), frozenset({3, 4, 5}), (note,) if counts else ())


def changes_dict(changes: PriceChanges) -> dict[str, Any]:
    """Return ``kafkatco prices diff --format json``."""
    return {
        "before": changes.before.describe(),
        "after": changes.after.describe(),
        "changes": records_of(CHANGE_COLUMNS, change_rows(changes)),
    }


def impact_dict(result: PriceImpact) -> dict[str, Any]:
    """Return ``kafkatco prices diff --impact --format json``."""
    changes = changes_dict(result.changes)
    both = {"before": changes["before"], "after": changes["after"]}
    return {**both, "impact": result.impact.to_dict(), "changes": changes["changes"]}


PRICE_CHANGES: Final = View(
    columns=CHANGE_COLUMNS,
    rows=change_rows,
    tables=lambda changes: [changes_table(changes)],
    plain=changes_dict,
)
PRICE_IMPACT: Final = View(
    columns=IMPACT_COLUMNS,
    rows=lambda result: impact_rows(result.impact),
    tables=lambda result: [changes_table(result.changes), *impact_tables(result.impact)],
    plain=impact_dict,
)
