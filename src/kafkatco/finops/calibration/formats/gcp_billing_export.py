"""Google's billing export to BigQuery, with nested or flattened columns.

``cost`` is before the credits of the row: committed and sustained use, free use, promotions.
Source:
https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/standard-usage.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kafkatco.finops.calibration.formats.base import (
    Category,
    Cells,
    Format,
    Meter,
    Row,
    UnreadableError,
)
from kafkatco.i18n.message import _

__all__ = ["GCP"]

_TYPES: Final[Mapping[str, Category]] = {
    "regular": "usage",
    "tax": "tax",
    "adjustment": "adjustment",
    "rounding_error": "adjustment",
}


def _credits(cells: Cells) -> float:
    """Return the sum of a row's credits, which are negative."""
    total = 0.0
    for credit in cells.records("credits"):
        total += Cells({"credits": credit.get("amount")}).cost("credits")
    return total


def _month(cells: Cells) -> str:
    text = cells.text("invoicemonth")
    if not text:
        return cells.month("usagestarttime")
    text = text.removesuffix(".0")
    if len(text) != 6 or not text.isdecimal():
        raise UnreadableError("invoicemonth", repr(text[:40]), _("a month such as 202511"))
    return f"{text[:4]}-{text[4:]}"


def _read(cells: Cells) -> Row:
    cost = cells.cost("cost")
    listed = cells.number("costatlist")
    first = cells.day("usagestarttime")
    return Row(
        month=_month(cells),
        first=first,
        last=cells.last_day(first, "usageendtime"),
        meter=Meter(
            "gcp",
            cells.text("serviceid", "servicedescription"),
            cells.text("skudescription"),
            "",
            "",
            "",
            cells.text("locationregion"),
            cells.text("usagepricingunit"),
            cells.text("currency"),
            _TYPES.get(cells.text("costtype").lower() or "regular", "adjustment"),
        ),
        quantity=cells.number("usageamountinpricingunits"),
        gross=cost if listed is None else listed,
        net=cost + _credits(cells),
    )


GCP: Final = Format(
    "Google Cloud billing export",
    frozenset({"skudescription", "cost", "usagestarttime", "usageamountinpricingunits"}),
    frozenset(
        {
            "cost",
            "costatlist",
            "credits",
            "invoicemonth",
            "usagestarttime",
            "usageendtime",
            "serviceid",
            "servicedescription",
            "skudescription",
            "locationregion",
            "usagepricingunit",
            "currency",
            "costtype",
            "usageamountinpricingunits",
        }
    ),
    _read,
)
