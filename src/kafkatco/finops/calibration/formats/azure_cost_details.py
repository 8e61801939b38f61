"""Azure's cost details, actual or amortized, of a Microsoft Customer or Enterprise Agreement.

Amortized ones spread payments for commitments over the use that they cover, as the other formats
do; actual ones have them on the day of payment.  ``Quantity`` counts single units, even if the
price of a meter is for ``10K`` or ``100 Hours``.
Source: https://learn.microsoft.com/azure/cost-management-billing/automate/understand-usage-details-fields.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from kafkatco.finops.calibration.formats.base import Category, Cells, Format, Meter, Row

__all__ = ["AZURE"]

_TYPES: Final[Mapping[str, Category]] = {
    "usage": "usage",
    "purchase": "purchase",
    "unusedreservation": "purchase",
    "unusedsavingsplan": "purchase",
    "tax": "tax",
}
_COSTS: Final = ("costinbillingcurrency", "pretaxcost", "cost")


@lru_cache(maxsize=4096)
def _size(text: str) -> str:
    """Return the size of a machine, the ``ServiceType`` of the additional info."""
    try:
        record = json.loads(text if text.startswith("{") else f"{{{text}}}")
    except (ValueError, RecursionError):
        return ""
    return str(record.get("ServiceType") or "") if isinstance(record, dict) else ""


def _read(cells: Cells) -> Row:
    category = _TYPES.get(cells.text("chargetype").lower() or "usage", "adjustment")
    net = cells.cost(*_COSTS)
    listed = cells.number("paygcostinbillingcurrency") if category == "usage" else None
    bought = category == "purchase" and cells.text("pricingmodel").lower() != "ondemand"
    first = cells.day("date", "usagedatetime", "usagedate")
    return Row(
        month=cells.month("billingperiodstartdate", "date", "usagedatetime", "usagedate"),
        first=first,
        last=first,
        meter=Meter(
            "azure",
            cells.text("metercategory"),
            cells.text("metername"),
            cells.text("metersubcategory"),
            _size(cells.text("additionalinfo")),
            "",
            cells.text("resourcelocation").lower().replace(" ", ""),
            cells.text("unitofmeasure"),
            cells.text("billingcurrency", "billingcurrencycode", "currency"),
            category,
        ),
        quantity=cells.number("quantity", "usagequantity"),
        gross=0.0 if bought else net if listed is None else listed,
        net=net,
    )


AZURE: Final = Format(
    "Azure cost details",
    frozenset({"metercategory", "metername", "quantity", "unitofmeasure"}),
    frozenset(
        {
            "chargetype",
            "paygcostinbillingcurrency",
            "pricingmodel",
            "date",
            "usagedatetime",
            "usagedate",
            "billingperiodstartdate",
            "metercategory",
            "metername",
            "metersubcategory",
            "additionalinfo",
            "resourcelocation",
            "unitofmeasure",
            "billingcurrency",
            "billingcurrencycode",
            "currency",
            "quantity",
            "usagequantity",
            *_COSTS,
        }
    ),
    _read,
)
