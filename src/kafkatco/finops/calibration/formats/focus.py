"""FinOps FOCUS 1.0 to 1.2: of AWS, Microsoft and Google, of others, and of this library.

The name of a meter is in a different column for each provider: AWS has ``x_UsageType`` in 1.0 and
``SkuMeter`` since, with ``x_Operation`` and ``x_ServiceCode``; Microsoft ``x_SkuMeterName`` and its
category; Google ``x_SkuDescription``.  ``SkuId`` matters if it is one of this library's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kafkatco.finops.calibration.formats.base import Category, Cells, Format, Meter, Row

__all__ = ["FOCUS"]

_PROVIDERS: Final = {
    "aws": "aws",
    "amazon web services": "aws",
    "microsoft": "azure",
    "microsoft azure": "azure",
    "azure": "azure",
    "google cloud": "gcp",
    "google": "gcp",
    "google cloud platform": "gcp",
    "confluent": "confluent",
}
#: The columns of the service, the meter, its detail and its extra, by provider.
_METERS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "aws": (("xservicecode",), ("xusagetype", "skumeter"), ("xoperation",), ()),
    "azure": (("xskumetercategory",), ("xskumetername", "skumeter"), ("xskumetersubcategory",), ()),
    "gcp": (("xserviceid",), ("xskudescription", "skumeter"), (), ()),
}
_OTHERS: Final = ((), ("skumeter", "skuid"), (), ())
_CATEGORIES: Final[Mapping[str, Category]] = {
    "usage": "usage",
    "purchase": "purchase",
    "credit": "credit",
    "tax": "tax",
    "adjustment": "adjustment",
}


def _read(cells: Cells) -> Row:
    named = cells.text("providername", "serviceprovidername", "publishername")
    provider = _PROVIDERS.get(named.lower(), named)
    columns = _METERS.get(provider, _OTHERS)
    service, meter, detail, extra = (cells.text(*names) for names in columns)
    category = _CATEGORIES.get(cells.text("chargecategory").lower(), "adjustment")
    first = cells.day("chargeperiodstart")
    # Microsoft prices blocks, such as 100 hours, but counts consumption in single units
    counted = ("consumed", "pricing") if provider == "azure" else ("pricing", "consumed")
    net = cells.cost("effectivecost")
    listed = cells.number("listcost")
    if category == "purchase":  # the covered use has the list cost
        gross = net
    else:
        gross = 0.0 if category == "credit" else net if listed is None else listed
    return Row(
        month=cells.month("billingperiodstart"),
        first=first,
        last=cells.last_day(first, "chargeperiodend"),
        meter=Meter(
            provider,
            service or cells.text("servicename"),
            meter,
            detail,
            extra,
            cells.text("skuid"),
            cells.text("regionid", "region"),
            cells.text(*(f"{how}unit" for how in counted)),
            cells.text("billingcurrency"),
            category,
        ),
        quantity=cells.number(*(f"{how}quantity" for how in counted)),
        gross=gross,
        net=net,
    )


FOCUS: Final = Format(
    "FinOps FOCUS",
    frozenset({"chargecategory", "effectivecost", "billingperiodstart", "chargeperiodstart"}),
    frozenset(
        {
            "providername",
            "serviceprovidername",
            "publishername",
            "chargecategory",
            "chargeperiodstart",
            "chargeperiodend",
            "billingperiodstart",
            "effectivecost",
            "listcost",
            "servicename",
            "skuid",
            "regionid",
            "region",
            "pricingunit",
            "consumedunit",
            "billingcurrency",
            "pricingquantity",
            "consumedquantity",
            *(
                name
                for columns in (*_METERS.values(), _OTHERS)
                for names in columns
                for name in names
            ),
        }
    ),
    _read,
)
