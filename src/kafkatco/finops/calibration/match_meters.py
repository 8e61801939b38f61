"""Match the meters of a bill with prices of the tables, by the rules of ``prices/meters``.

A bill has fewer columns than a price list: rules are checked against the columns that it has.  A
meter that matches no rule stays unknown, and is listed with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from kafkatco.finops.calibration.formats.base import Meter
from kafkatco.finops.focus_services import UNITS
from kafkatco.i18n.message import Message, _, verbatim
from kafkatco.prices.meters import aws as aws_rules
from kafkatco.prices.meters import azure as azure_rules
from kafkatco.prices.meters import gcp as gcp_rules
from kafkatco.prices.meters.aws_rule import GBS, HOURS, without_region
from kafkatco.prices.meters.aws_rule import Rule as AwsRule
from kafkatco.prices.meters.confluent import LINE_TYPES, last_word

__all__ = ["SkuMatch", "match_meter", "other_unit"]


class SkuMatch(NamedTuple):
    """The sku of a meter, and the size of its unit [``unit`` of the tables].

    Without a ``factor`` only the cost counts: the quantity is on another line.
    """

    sku: str
    factor: float | None
    unit: str


#: Meters that bills name differently from price lists: transfer between zones in both directions,
#: by its name in newer accounts; and a control plane.
_AWS_TOO: Final = (
    AwsRule(r"DataTransfer-xAZ-(?:In|Out)-Bytes", "aws.data-transfer.inter-az", GBS, "GiB"),
    AwsRule(r"AmazonEKS-Hours:perCluster", "aws.eks.cluster", HOURS, "hour"),
)
#: Google's transfer, which has many names in its catalog.  Patterns match whole descriptions.
_GCP_TOO: Final = (
    gcp_rules.Rule(
        "gcp.network.inter-zone", "GiB", r"Network Inter Zone (?:Egress|Data Transfer Out)(?: .+)?"
    ),
    gcp_rules.Rule(
        "gcp.network.internet", "GiB", r"Network Internet (?:Egress|Data Transfer Out) from .+"
    ),
)
_GCP_SERVICES: Final = {
    "Compute Engine": gcp_rules.COMPUTE,
    "Cloud Storage": gcp_rules.STORAGE,
    "Managed Service for Apache Kafka": gcp_rules.KAFKA,
}
#: Google's units, and their codes in its catalog.
_GCP_UNITS: Final = {
    "hour": "h",
    "month": "mo",
    "gibibyte": "GiBy",
    "gibibyte month": "GiBy.mo",
    "gibibyte hour": "GiBy.h",
    "count": "count",
    "requests": "count",
}
_OWN_UNITS: Final = {written: unit for unit, written in UNITS.items()}


def match_meter(meter: Meter, modelled: Collection[str], listed: Collection[str]) -> SkuMatch | str:
    """Return the sku of a meter, or the reason why it is unknown.

    ``modelled`` are the skus that the deployments bill; they settle details that a line lacks, such
    as the type of a Confluent cluster.  ``listed`` are all skus of the tables.

    >>> line = Meter("aws", "AmazonMSK", "APN2-Kafka.m7g.large", "RunBroker", "", "",
    ...              "ap-northeast-2", "hours", "USD", "usage")
    >>> match_meter(line, (), ())
    SkuMatch(sku='aws.msk.kafka.m7g.large', factor=1.0, unit='hour')
    >>> match_meter(line._replace(meter="APN2-Kafka.Graviton.Hours"), (), ())
    'unknown meter'
    """
    base = meter.sku.partition("@")[0]
    if base in listed or base in modelled:
        unit = _OWN_UNITS.get(meter.unit, meter.unit)
        return SkuMatch(meter.sku, None if meter.category == "purchase" else 1.0, unit)
    match meter.provider:
        case "aws":
            return _aws(meter)
        case "azure":
            return _azure(meter)
        case "gcp":
            return _gcp(meter, modelled)
        case "confluent":
            return _confluent(meter, modelled)
    return UNKNOWN


UNKNOWN: Final = _("unknown meter")
#: The most possible skus of a line that are named.
SHOWN: Final = 4


def other_unit(meter: Meter, expected: str) -> Message:
    """Return the reason for a meter in a unit that does not convert to the expected one."""
    return _("metered in {unit!r}, not in units of {expected}", unit=meter.unit, expected=expected)


def _aws(meter: Meter) -> SkuMatch | str:
    usage = without_region(meter.meter)
    known = {
        "TermType": "OnDemand",
        "operation": meter.detail,
        "From Region Code": meter.region,
        "To Region Code": meter.extra,
    }
    services = (meter.service, "AWSDataTransfer")
    rules = (rule for name in services for rule in aws_rules.RULES.get(name, ()))
    for rule in (*rules, *_AWS_TOO):
        sku = rule.sku_of(usage)
        if sku is None or not _agrees(rule, known):
            continue
        if meter.unit and _stem(meter.unit) not in map(_stem, rule.units):
            return other_unit(meter, rule.unit)
        return SkuMatch(sku, float(1 / rule.scale), rule.unit)
    return UNKNOWN


def _agrees(rule: AwsRule, known: Mapping[str, str]) -> bool:
    """Return whether a line has the values that a rule requires; only regions are mandatory."""
    return all(
        known[name] == value or (not known[name] and "Region" not in name)
        for name, value in rule.having.items()
        if name in known
    )


def _stem(unit: str) -> str:
    """Return a unit with the words of lists, which vary in number and length, unified."""
    text = unit.lower().replace("months", "mo").replace("month", "mo").replace("hours", "hrs")
    return text.replace("hour", "hrs").removesuffix("s")


_BLOCK: Final = re.compile(r"([1-9]\d*)([KM]?)")


def _azure(meter: Meter) -> SkuMatch | str:
    services = [azure_rules.RULES[name] for name in (meter.service,) if name in azure_rules.RULES]
    for rule in (rule for rules in services for rule in rules):
        sku = _azure_sku(rule, meter)
        if sku is None:
            continue
        # in FOCUS a unit has no number: "Hours", "GB/Month", "Units"
        unit = meter.unit if meter.unit[:1].isdigit() else f"1{meter.unit.replace('Units', '')}"
        count, block = azure_rules.quantity(unit, rule.unit), _BLOCK.match(unit)
        if count is None or block is None:
            return other_unit(meter, rule.unit)
        # a meter of 10K counts single units, and has a price for 10,000 of them
        single = Decimal(block[1]) * {"": 1, "K": 1_000, "M": 1_000_000}[block[2]]
        return SkuMatch(sku, float(count / single), rule.unit)
    return UNKNOWN


def _azure_sku(rule: azure_rules.Rule, meter: Meter) -> str | None:
    """Return the sku of a meter; values that the bill lacks are not required."""
    size = meter.extra or "Standard_" + meter.meter.replace(" ", "_")
    patterns = [(rule.meter, meter.meter), (rule.size, size)]
    if meter.detail and rule.product != meter.service:
        patterns.append((rule.product, meter.detail))
    groups: dict[str, str] = {}
    for pattern, text in patterns:
        match = re.fullmatch(pattern, text)
        if match is None:
            return None
        groups |= match.groupdict()
    return rule.sku.format(**groups)


def _gcp(meter: Meter, modelled: Collection[str]) -> SkuMatch | str:
    service = _GCP_SERVICES.get(meter.service, meter.service)
    unit = _GCP_UNITS.get(meter.unit.lower(), meter.unit)
    rules = (*gcp_rules.RULES.get(service, ()), *(_GCP_TOO if service == gcp_rules.COMPUTE else ()))
    for rule in rules:
        if re.fullmatch(rule.description, meter.meter):
            count = gcp_rules.quantity(unit, rule.unit)
            return (
                other_unit(meter, rule.unit)
                if count is None
                else SkuMatch(rule.sku, float(count), rule.unit)
            )
    component = (
        gcp_rules.component(meter.meter, "OnDemand") if service == gcp_rules.MACHINES else None
    )
    if component is None:
        return UNKNOWN
    matches = [match for sku in modelled if (match := gcp_rules.MACHINE_SKU.fullmatch(sku))]
    machines = sorted(match[0] for match in matches if match[2] == component.family)
    if len(machines) != 1:
        return _several(machines, _("machines of {family}", family=component.family))
    cores = int(machines[0].rpartition("-")[2])
    return SkuMatch(machines[0], 1 / cores if component.part == "core" else None, "hour")


def _confluent(meter: Meter, modelled: Collection[str]) -> SkuMatch | str:
    line = LINE_TYPES.get(meter.meter)
    if line is None:
        return UNKNOWN
    skus = sorted(
        sku for sku in modelled if sku.startswith(line.prefix) and last_word(sku) in line.last_words
    )
    if len(skus) != 1:
        names = ", ".join(line.prefix + last for last in line.last_words)
        return _several(skus, verbatim(names))
    return SkuMatch(skus[0], None if meter.meter == "SUPPORT" else 1.0, line.unit)


def _several(skus: Sequence[str], thing: Message) -> Message:
    """Return the reason for a meter of several possible skus, or of none."""
    if not skus:
        return _("no modelled deployment bills {thing}", thing=thing)
    names = ", ".join(skus[:SHOWN])
    if len(skus) > SHOWN:
        return _("may be any of {skus} and {count} more", skus=names, count=len(skus) - SHOWN)
    return _("may be any of {skus}", skus=names)
