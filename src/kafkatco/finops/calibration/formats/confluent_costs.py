"""Confluent Cloud's costs, from its API or its command line.

A line names its meter, but neither the region nor the type of the cluster.  Amounts are in US
dollars, although no field names a currency.  Source:
https://docs.confluent.io/cloud/current/api.html, Costs.
"""

from __future__ import annotations

from typing import Final

from kafkatco.finops.calibration.formats.base import Cells, Format, Meter, Row

__all__ = ["CONFLUENT"]


def _read(cells: Cells) -> Row:
    line = cells.text("linetype")
    is_credit = line == "PROMO_CREDIT"
    original = cells.number("originalamount")
    net = cells.number("amount")
    if net is None:
        net = cells.cost("originalamount") - (cells.number("discountamount") or 0.0)
    first = cells.day("startdate")
    return Row(
        month=cells.month("startdate"),
        first=first,
        last=cells.last_day(first, "enddate"),
        meter=Meter(
            "confluent",
            cells.text("product"),
            line,
            "",
            "",
            "",
            "",
            cells.text("unit"),
            "USD",
            "credit" if is_credit else "usage",
        ),
        quantity=cells.number("quantity"),
        gross=0.0 if is_credit else net if original is None else original,
        net=net,
    )


CONFLUENT: Final = Format(
    "Confluent costs",
    frozenset({"linetype", "originalamount", "startdate"}),
    frozenset(
        {
            "linetype",
            "originalamount",
            "amount",
            "discountamount",
            "startdate",
            "enddate",
            "product",
            "unit",
            "quantity",
        }
    ),
    _read,
)
