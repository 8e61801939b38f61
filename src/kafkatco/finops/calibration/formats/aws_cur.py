"""Amazon's Cost and Usage Report: 2.0, and the older one whose columns are ``lineItem/...``.

The net cost of a line depends on its type: use under a reservation or a Savings Plan has an
effective cost, and the payments for these count only for their unused part.
Sources: https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2-line-item.html,
https://docs.aws.amazon.com/cur/latest/userguide/Lineitem-columns.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kafkatco.finops.calibration.formats.base import Category, Cells, Format, Meter, Row

__all__ = ["CUR"]

_TYPES: Final[Mapping[str, Category]] = {
    "Usage": "usage",
    "DiscountedUsage": "usage",
    "SavingsPlanCoveredUsage": "usage",
    "RIFee": "purchase",
    "Fee": "purchase",
    "SavingsPlanUpfrontFee": "purchase",
    "SavingsPlanRecurringFee": "purchase",
    "SavingsPlanNegation": "discount",
    "EdpDiscount": "discount",
    "BundledDiscount": "discount",
    "PrivateRateDiscount": "discount",
    "RiVolumeDiscount": "discount",
    "SppDiscount": "discount",
    "Discount": "discount",
    "Credit": "credit",
    "Refund": "adjustment",
    "Tax": "tax",
}
_COVERED: Final = {
    "DiscountedUsage": ("reservationneteffectivecost", "reservationeffectivecost"),
    "SavingsPlanCoveredUsage": (
        "savingsplannetsavingsplaneffectivecost",
        "savingsplansavingsplaneffectivecost",
    ),
}
#: The columns of the unused part of a reservation, after discounts or else before them.
_UNUSED: Final = (
    (
        "reservationnetunusedamortizedupfrontfeeforbillingperiod",
        "reservationunusedamortizedupfrontfeeforbillingperiod",
    ),
    ("reservationnetunusedrecurringfee", "reservationunusedrecurringfee"),
)
_PLAN: Final = ("savingsplantotalcommitmenttodate", "savingsplanusedcommitment")
_BILLED: Final = ("lineitemnetunblendedcost", "lineitemunblendedcost")


def _net(kind: str, cells: Cells) -> float:
    """Return the net cost of a line, including its share of commitments."""
    if kind in _COVERED:
        cost = cells.number(*_COVERED[kind])
    elif kind == "RIFee":
        parts = [cells.number(*names) for names in _UNUSED]
        cost = None if parts == [None, None] else sum(fee or 0.0 for fee in parts)
    elif kind == "SavingsPlanRecurringFee":
        total, used = (cells.number(name) for name in _PLAN)
        cost = None if total is None or used is None else total - used
    elif kind in ("SavingsPlanNegation", "SavingsPlanUpfrontFee"):
        # covered use does not include the cost that is negated or spread, either
        spread = cells.text(*_COVERED["SavingsPlanCoveredUsage"]) or kind == "SavingsPlanNegation"
        cost = 0.0 if spread else None
    else:
        cost = None
    return cells.cost(*_BILLED) if cost is None else cost


def _read(cells: Cells) -> Row:
    kind = cells.text("lineitemlineitemtype")
    category = _TYPES.get(kind, "adjustment")
    net = _net(kind, cells)
    billed = cells.cost(_BILLED[1])
    if category == "usage":
        listed = cells.number("pricingpublicondemandcost")
        gross = billed if listed is None else listed
    else:  # payments for a commitment are for use that has its own list price
        gross = billed if kind in ("Fee", "Tax") else 0.0
    first = cells.day("lineitemusagestartdate", "billbillingperiodstartdate")
    return Row(
        month=cells.month("billbillingperiodstartdate"),
        first=first,
        last=cells.last_day(first, "lineitemusageenddate"),
        meter=Meter(
            "aws",
            cells.text("lineitemproductcode", "productservicecode"),
            cells.text("lineitemusagetype"),
            cells.text("lineitemoperation"),
            cells.text("producttoregioncode"),
            "",
            cells.text("productregioncode", "productfromregioncode", "productregion"),
            cells.text("pricingunit"),
            cells.text("lineitemcurrencycode"),
            category,
        ),
        quantity=cells.number("lineitemusageamount"),
        gross=gross,
        net=net,
    )


CUR: Final = Format(
    "AWS Cost and Usage Report",
    frozenset(
        {
            "lineitemlineitemtype",
            "lineitemusagetype",
            "lineitemunblendedcost",
            "billbillingperiodstartdate",
            "lineitemusageamount",
        }
    ),
    frozenset(
        {
            "lineitemlineitemtype",
            "lineitemproductcode",
            "lineitemusagetype",
            "lineitemoperation",
            "lineitemusageamount",
            "lineitemusagestartdate",
            "lineitemusageenddate",
            "lineitemcurrencycode",
            "billbillingperiodstartdate",
            "pricingunit",
            "pricingpublicondemandcost",
            "productservicecode",
            "productregioncode",
            "productregion",
            "productfromregioncode",
            "producttoregioncode",
            *_BILLED,
            *_PLAN,
            *(name for names in (*_COVERED.values(), *_UNUSED) for name in names),
        }
    ),
    _read,
)
