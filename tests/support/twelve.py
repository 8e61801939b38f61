"""Twelve workloads, from a proof of concept to 1 GB/s, and what is picked for each.

``python tests/support/twelve.py`` writes the tables of ``docs/model/twelve-workloads.md``.

Everything about a pick is computed here from rows of the capacity tables and quantities of its bill
by plain arithmetic, in decimal units, and without the formulas of the library.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

from kafkatco import Labour, MskExpress, MskStandard, PriceBook, SelfHosted, Workload, bill
from kafkatco.costing.bill import Bill
from kafkatco.deployments import Deployment
from support.paths import ROOT

__all__ = [
    "BOOK",
    "CASES",
    "MARKS",
    "PAGE",
    "PLACES",
    "TITLES",
    "Case",
    "Pick",
    "Place",
    "bill_at",
    "page",
    "table",
]

PAGE: Final = ROOT / "docs" / "model" / "twelve-workloads.md"
#: The lines between which the tables are.
MARKS: Final = "<!-- tables: begin -->\n", "<!-- tables: end -->\n"
BOOK: Final = PriceBook("list", as_of="2026-10-31")

HOURS: Final = 730.0  # of a month
MIB: Final = 2**20 / 1e6  # MB of a MiB
GIB: Final = 2**30 / 1e9  # GB of a GiB
COPIES: Final = 3
PEAK: Final = 2.0  # over the average
LEFT: Final = 2 / 3  # of the brokers, when one of three zones is lost


@dataclass(frozen=True)
class Case:
    """A workload with three copies in three zones, and a peak of twice the average."""

    name: str
    ingress: str  #: "10 TB/month" or "40 MB/s"
    fanout: int
    days: int
    partitions: int
    connections: int = 0
    requests: int = 0  #: [1/s]
    message_bytes: int = 1024

    @cached_property
    def workload(self) -> Workload:
        return Workload(
            ingress=self.ingress,
            fanout=self.fanout,
            retention=f"{self.days} days",
            partitions=self.partitions,
            connections=self.connections,
            requests=self.requests,
            message_size=f"{self.message_bytes} B",
            peak_to_average=PEAK,
            replication_factor=COPIES,
            zones=3,
        )

    @property
    def mb_s(self) -> float:
        """The average ingress [MB/s]."""
        number, unit = self.ingress.split(" ")
        per_second = {"MB/s": 1.0, "GB/month": 1e3 / HOURS / 3600, "TB/month": 1e6 / HOURS / 3600}
        return float(number) * per_second[unit]

    @property
    def stored_gb(self) -> float:
        """All copies of the retained data [GB]."""
        return self.mb_s * self.days * 86_400 * COPIES / 1e3

    @property
    def busy_vcpu(self) -> float:
        """The vCPUs that the peak keeps busy: 20 MB/s of writes each, a read being a quarter."""
        by_bytes = self.mb_s * PEAK * (COPIES + (COPIES - 1 + self.fanout) / 4) / 20
        records = max(self.mb_s * 1e6 / self.message_bytes, self.requests) * PEAK
        return max(by_bytes, records / 15_000)


CASES: Final = (
    Case("proof of concept", "100 GB/month", 1, 1, 12),
    Case("start-up", "1 TB/month", 2, 3, 60),
    Case("product", "3 TB/month", 3, 7, 200),
    Case("company", "10 TB/month", 3, 7, 500),
    Case("platform", "50 TB/month", 3, 7, 1_000),
    Case("large platform", "200 TB/month", 3, 3, 2_000),
    Case("bank", "40 MB/s", 4, 7, 3_000),
    Case("advertising", "300 MB/s", 6, 1, 2_000),
    Case("logs", "1000 MB/s", 2, 1, 3_000),
    Case("many partitions", "2 MB/s", 2, 7, 20_000),
    Case("audit", "20 MB/s", 1, 30, 300),
    Case("devices", "10 MB/s", 2, 3, 600, 50_000, 20_000, 512),
)


@dataclass(frozen=True)
class Place:
    """Machines of a cloud in a region, with the attributes and skus of their disks."""

    cloud: str
    region: str
    nodes: str  #: the beginning of their names in the tables
    disk: str  #: the attribute of a machine with the throughput to its disks
    volume: str = ""  #: the item of its volumes; none if they are part of the machine

    @property
    def deployment(self) -> SelfHosted:
        return SelfHosted.model_validate(
            {"cloud": self.cloud, "region": self.region, "labour": Labour()}
        )


PLACES: Final = (
    Place("aws", "us-east-1", "aws.ec2.", "ebs_throughput", "aws.ebs.gp3"),
    Place("aws", "ap-northeast-2", "aws.ec2.", "ebs_throughput", "aws.ebs.gp3"),
    Place("azure", "eastus", "azure.vm.", "disk_throughput", "azure.disk.premium-ssd-v2"),
    Place("gcp", "us-central1", "gcp.compute.", "disk_throughput", "gcp.disk.pd-balanced"),
    Place("on-prem", "us", "onprem.", "disk_throughput"),
    Place("on-prem", "kr", "onprem.", "disk_throughput"),
)


def bill_at(case: Case, deployment: Deployment) -> Bill:
    """Return the bill of a workload at list prices, with the people of the staffing model."""
    [result] = bill(case.workload, [deployment], BOOK)
    return result


@dataclass(frozen=True)
class Pick:
    """The machines that the sizing picks for a workload, and what can be checked of them."""

    case: Case
    place: Place
    bill: Bill

    @classmethod
    @cache
    def of(cls, case: Case, place: Place) -> Pick:
        return cls(case, place, bill_at(case, place.deployment))

    @property
    def type(self) -> str:
        return str(self.bill.sizing.details["instance"])

    @property
    def brokers(self) -> int:
        return int(self.bill.sizing.count)

    def row(self, attribute: str) -> float:
        """Return a capacity of the type: a count, or [MB/s] or [GB]."""
        return self._mb(BOOK.catalogue().value(self.place.nodes + self.type, attribute), attribute)

    @staticmethod
    def _mb(value: float, attribute: str) -> float:
        if attribute in ("vcpu", "partitions", "max_volumes"):
            return value
        return value * (GIB if attribute in ("memory", "disk", "max_size") else MIB)

    @property
    def memory_gib(self) -> float:
        return self.row("memory") / GIB

    @property
    def cache_gib(self) -> float:
        """The page cache of a broker: its memory without 5 GiB of heap and 1 GiB of system."""
        return self.memory_gib - min(5 + 1, 0.75 * self.memory_gib)

    @property
    def cpu_at_peak(self) -> float:
        return self.case.busy_vcpu / (self.brokers * self.row("vcpu"))

    @property
    def cpu_zone_lost(self) -> float:
        return self.cpu_at_peak / LEFT

    @property
    def disk_tib(self) -> float:
        """The disks of a broker [TiB], half of which stay free."""
        return self.case.stored_gb / self.brokers / 0.5 / GIB / 1024

    @property
    def bought_mb_s(self) -> float:
        """The throughput of the volumes of all brokers [MB/s], included and bought."""
        if not self.place.volume:
            return math.inf
        item, find = self.place.volume, BOOK.catalogue().value_or_none
        volumes = max(
            self.brokers,
            math.ceil(self.disk_tib * self.brokers / ((find(item, "max_size") or 0) / 1024)),
        )
        if per_gib := find(item, "throughput_per_gib"):  # comes with the size
            size_gib = self.disk_tib * 1024 * self.brokers
            return (volumes * (find(item, "baseline_throughput") or 0) + per_gib * size_gib) * MIB
        bought = sum(
            float(line.quantity)
            * (MIB if "MiB/s" in line.unit else 1)
            / (HOURS if line.unit.endswith("hour") else 1)
            for line in self.bill.lines
            if line.sku == f"{item}.throughput"
        )
        return bought + volumes * (find(item, "included_throughput") or 0) * MIB

    @property
    def slowest_mb_s(self) -> float:
        """What a broker can write to new disks [MB/s]: by network, by machine or by volumes."""
        machine = min(self.row("network"), self.row(self.place.disk))
        return min(machine, self.bought_mb_s / self.brokers)

    @property
    def rebuild_h(self) -> float:
        """The hours to fill the disks of a broker again, while traffic goes on."""
        written = self.case.mb_s * COPIES / self.brokers
        return self.case.stored_gb * 1e3 / self.brokers / (self.slowest_mb_s - written) / 3600


def _count(number: float, name: str) -> str:
    return f"{number:g} × {name}"


def _next(result: Bill) -> str:
    first = result.alternatives[0]
    assert result.total
    return f"{_count(first.count, first.label)} +{first.more / result.total:.1%}".replace("%", " %")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}".replace("%", " %")


def table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |\n" for cells in (head, *rows)]
    return "".join([lines[0], "|---" * len(head) + "|\n", *lines[1:]])


def _self_hosted(place: Place) -> Iterator[Sequence[str]]:
    for case in CASES:
        pick = Pick.of(case, place)
        hours = f"{pick.rebuild_h:.1f} h" if pick.rebuild_h >= 0.05 else "minutes"
        yield (
            case.name,
            f"{_count(pick.brokers, pick.type)} + 3",
            f"{pick.row('vcpu'):g}, {pick.memory_gib:g}",
            f"{_percent(pick.cpu_at_peak)}, {_percent(pick.cpu_zone_lost)}",
            f"{pick.cache_gib:.0f} GiB",
            f"{pick.disk_tib:.1f} TiB"
            if pick.disk_tib >= 0.1
            else f"{pick.disk_tib * 1024:.0f} GiB",
            hours,
            pick.bill.sizing.bottleneck,
            f"{pick.bill.total:,.0f}",
            _next(pick.bill),
        )


def _msk(region: str) -> Iterator[Sequence[str]]:
    for case in CASES:
        cells = [case.name]
        for kind in (MskStandard, MskExpress):
            result = bill_at(case, kind(region=region, labour=Labour()))
            used = {row.dimension: row for row in result.utilisation}
            assert result.sizing.details["instance"]
            cells.append(_count(float(result.sizing.count), str(result.sizing.details["instance"])))
            if kind is MskStandard:
                cells.append(f"{_percent(used['cpu'].peak)}, {_percent(used['cpu'].zone_lost)}")
            cells += [result.sizing.bottleneck, f"{result.total:,.0f}"]
        yield cells


def _others(places: Sequence[Place]) -> Iterator[Sequence[str]]:
    for case in CASES:
        cells = [case.name]
        for place in places:
            pick = Pick.of(case, place)
            cells += [
                _count(pick.brokers, pick.type),
                _percent(pick.cpu_zone_lost),
                f"{pick.bill.total:,.0f}",
            ]
        yield cells


TITLES: Final = {"us-east-1": "us-east-1 (Virginia)", "ap-northeast-2": "ap-northeast-2 (Seoul)"}
CLOUDS: Final = {"azure": "Azure", "gcp": "Google Cloud", "on-prem": "on premises"}
NEAR: Final = {"us-east-1": ("eastus", "us-central1", "us"), "ap-northeast-2": ("kr",)}


def page(text: str) -> str:
    """Return the text of the page with its tables as they are now."""
    before, _, rest = text.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    return before + MARKS[0] + "\n".join(_tables()) + MARKS[1] + after


def _tables() -> Iterator[str]:
    brokers = (
        "workload",
        "brokers + controllers",
        "vCPU, GiB",
        "CPU",
        "page cache",
        "disk",
        "rebuild",
        "bottleneck",
        "USD a month",
        "next",
    )
    for region, title in TITLES.items():
        [aws] = [place for place in PLACES if place.region == region]
        others = [place for place in PLACES if place.region in NEAR[region]]
        yield f"### Self-hosted on AWS, {title}\n"
        yield table(brokers, _self_hosted(aws))
        yield f"### Amazon MSK, {title}\n"
        of_msk = ("bottleneck", "USD a month")
        yield table(("workload", "Standard", "CPU", *of_msk, "Express", *of_msk), _msk(region))
        yield f"### Self-hosted elsewhere, near {title}\n"
        heads = [
            name
            for place in others
            for name in (
                f"{CLOUDS[place.cloud]}, {place.region}",
                "CPU, a zone lost",
                "USD a month",
            )
        ]
        yield table(("workload", *heads), _others(others))


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
