"""The charges of a month as rows of FOCUS 1.2."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from kafkatco.costing.bill import Bill
from kafkatco.costing.lines import PEOPLE
from kafkatco.errors import InputError, Problem
from kafkatco.finops.focus_charges import Charge, charged, charges_of
from kafkatco.finops.focus_services import OWN, UNITS, Service, region_name, service
from kafkatco.i18n.message import _

__all__ = ["OWN_COLUMNS", "Period", "period", "rows_of"]

#: The type of each column that FOCUS does not have, by name.
OWN_COLUMNS: Final = {
    "x_Deployment": "String",  #: deployments are alternatives: their charges do not add up
    "x_Kind": "String",
    "x_Growth": "String",
    "x_Component": "String",
    "x_Environment": "String",
    "x_NotPriced": "String",  #: skus without a price, which make the rows a floor
    "x_PriceBook": "String",
    "x_PriceAsOf": "String",
    "x_PriceSha256": "String",
    "x_PriceValidFrom": "String",
    "x_PriceConfidence": "String",
    "x_PriceSource": "String",
}
#: The name of a commitment for nodes, by provider.
_RESERVED: Final = {
    "aws": "Reserved Instance",
    "azure": "Reservation",
    "gcp": "Committed Use Discount",
}
_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar month: its first moment, and the first after it, in UTC."""

    start: dt.datetime
    end: dt.datetime


def period(month: object, later: int = 0) -> Period:
    """Return the month ``2025-11``, or the month ``later`` months after it.

    Raises :class:`~kafkatco.errors.InputError` for an invalid month.

    >>> period("2025-11", later=1).end.isoformat()
    '2026-01-01T00:00:00+00:00'
    """
    match = _MONTH.fullmatch(str(month))
    count = (int(match[1]) * 12 + int(match[2]) - 1 + later) if match else 0
    if not match or not 12 <= count < 9999 * 12:
        problem = Problem("month", repr(month), _("a month such as '2025-11'"))
        raise InputError("focus", [problem])

    def first(count: int) -> dt.datetime:
        return dt.datetime(count // 12, count % 12 + 1, 1, tzinfo=dt.UTC)

    return Period(first(count), first(count + 1))


def rows_of(
    bill: Bill,
    when: Period,
    *,
    people: str | None,
    account: str,
    growth: str | None = None,
    price_index: float = 1.0,
    credit: float | None = None,
    one_off: bool = True,
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a bill for a month, without the columns that are null.

    ``price_index`` scales prices [1]; ``credit`` is the part of the month's charges that a credit
    pays [currency], by default as much as possible.
    """
    common = {
        "BillingAccountId": account,
        "BillingAccountName": account,
        "BillingAccountType": "Estimate",
        "BillingCurrency": bill.currency,
        "BillingPeriodStart": when.start,
        "BillingPeriodEnd": when.end,
        "ChargePeriodStart": when.start,
        "ChargePeriodEnd": when.end,
        "x_Deployment": bill.name,
        "x_Kind": bill.kind,
        "x_Growth": growth,
        "x_NotPriced": "; ".join(bill.unpriced_skus) or None,
        "x_PriceBook": bill.prices["book"],
        "x_PriceAsOf": bill.prices["as_of"],
        "x_PriceSha256": bill.prices["sha256"],
    }
    charges = list(charges_of(bill, people=people is not None))
    for charge in charges:
        if one_off or not charge.line.one_off:
            yield {**common, **_row(bill, charge, people, price_index)}
    skus = [charge.line.sku for charge in charges]
    skus = [sku for sku in skus if sku.startswith(f"{bill.provider}.")]
    seller = _service(service(skus[0] if skus else bill.provider), people)
    for line in bill.lines:
        if line.component == "tax" and line.cost:
            amount, note = price_index * float(line.cost), f"estimated tax: {line.note}"
            yield {**common, **seller, **_amount(bill, amount, "Tax", "Recurring", note)}
    for line in bill.one_off:
        if line.component != "credit" or not line.cost:
            continue
        used = min(-float(line.cost), charged(bill)) if credit is None else credit
        if not used:
            continue
        note = f"estimated credit: {line.note}"
        yield {**common, **seller, **_amount(bill, -used, "Credit", "One-Time", note)}
        for tax in bill.one_off:  # which a credit lowers
            if tax.component == "tax" and tax.cost:
                lower, note = -used * float(tax.unit_price), f"estimated tax: {tax.note}"
                yield {**common, **seller, **_amount(bill, lower, "Tax", "One-Time", note)}


def _amount(
    bill: Bill, amount: float, category: str, frequency: str, description: str
) -> dict[str, Any]:
    """Return the columns of an amount without a quantity: a credit or a tax."""
    columns = ("BilledCost", "ContractedCost", "EffectiveCost", "ListCost")
    return {
        **dict.fromkeys(columns, amount),
        "ChargeCategory": category,
        "ChargeFrequency": frequency,
        "ChargeDescription": description,
        "PricingCurrency": bill.currency,
        "PricingCurrencyEffectiveCost": amount,
        "x_Component": category.lower(),
    }


def _row(bill: Bill, charge: Charge, people: str | None, price_index: float) -> dict[str, Any]:
    """Return the columns of one charge."""
    line, row = charge.line, charge.line.row
    bought = charge.commitment if charge.purchase else None
    sku = line.sku if bought is None else bought.sku
    quantity = float(line.quantity)
    list_price = price_index * (charge.listed / quantity if quantity else float(line.unit_price))
    price = list_price * (charge.contracted / charge.listed if charge.listed else 1.0)
    effective = 0.0 if charge.purchase else price_index * charge.effective
    # the currency of the price list, in which its prices do not follow the exchange rate
    rate = 1.0
    if row is not None and row.price and line.unit_price:
        rate = float(row.price) / float(line.unit_price)
    flat = charge.purchase or line.unit == "month" or line.component == "support"
    columns = {
        **_service(service(line.sku), people),
        "BilledCost": price_index * charge.billed,
        "ChargeCategory": "Purchase" if charge.purchase else "Usage",
        "ChargeDescription": f"estimated {line.use}: {sku}"
        + (f", {line.note}" if line.note else ""),
        "ChargeFrequency": "One-Time" if line.one_off else "Recurring" if flat else "Usage-Based",
        "ContractedCost": price * quantity,
        "ContractedUnitPrice": price,
        "EffectiveCost": effective,
        "ListCost": list_price * quantity,
        "ListUnitPrice": list_price,
        "PricingCategory": "Committed" if charge.commitment and not charge.purchase else "Standard",
        "PricingCurrency": bill.currency if row is None else row.currency,
        "PricingCurrencyContractedUnitPrice": price * rate,
        "PricingCurrencyEffectiveCost": effective * rate,
        "PricingCurrencyListUnitPrice": list_price * rate,
        "PricingQuantity": quantity,
        "PricingUnit": UNITS.get(line.unit, line.unit),
        "SkuId": sku,
        "SkuMeter": f"{service(sku).subcategory}: {UNITS.get(line.unit, line.unit)}",
        "x_Component": line.use,
    }
    if not charge.purchase:
        columns |= {"ConsumedQuantity": quantity, "ConsumedUnit": columns["PricingUnit"]}
    if line.component not in (*PEOPLE, "support"):
        region = line.region or bill.region
        columns |= {"RegionId": region, "RegionName": region_name(region)}
    if line.environment:
        columns["x_Environment"] = line.environment
    source = row if bought is None else bought.row or row
    if source is not None:
        columns |= {
            "SkuPriceId": f"{sku}/{source.region}/{source.tier_from}",
            "x_PriceValidFrom": source.valid_from.isoformat(),
            "x_PriceConfidence": source.confidence,
            "x_PriceSource": source.source,
        }
    return columns | _commitment(bill, charge, price_index)


def _commitment(bill: Bill, charge: Charge, price_index: float) -> dict[str, Any]:
    """Return the columns that identify a commitment; empty without one."""
    if charge.commitment is None:
        return {}
    sku = charge.commitment.sku
    spend = sku.endswith("savings-plan")
    kind = "Savings Plan" if spend else _RESERVED.get(bill.provider, "Commitment")
    columns = {
        "CommitmentDiscountCategory": "Spend" if spend else "Usage",
        "CommitmentDiscountId": f"estimate/{bill.name}/{sku}",
        "CommitmentDiscountName": sku.partition("@")[2],
        "CommitmentDiscountQuantity": price_index * charge.effective
        if spend
        else float(charge.line.quantity),
        "CommitmentDiscountType": kind,
        "CommitmentDiscountUnit": bill.currency
        if spend
        else UNITS.get(charge.line.unit, charge.line.unit),
    }
    return columns if charge.purchase else {**columns, "CommitmentDiscountStatus": "Used"}


def _service(service: Service, people: str | None) -> dict[str, str]:
    """Return the columns of a service; the own organisation provides things that nobody sells."""
    provider = people or OWN if service.provider == OWN else service.provider
    names = ("ProviderName", "PublisherName", "InvoiceIssuerName")
    return {
        **dict.fromkeys(names, provider),
        "ServiceName": service.name,
        "ServiceCategory": service.category,
        "ServiceSubcategory": service.subcategory,
    }
