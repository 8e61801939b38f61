"""On-premises data centres: servers over their life, their capital, power, space and ports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from kafkatco.i18n.message import _
from kafkatco.numerics.typing import Operand
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.clouds.base import LOCAL, Cloud, ObjectStore, Volume
from kafkatco.sizing.formulas import monthly_gib
from kafkatco.sizing.quantities import Meter
from kafkatco.sizing.workload import Operands

__all__ = ["ON_PREMISES", "between_sites", "hands_on_site"]

MONTHS: Final = 12.0
SMALL: Final = "small-server"


@dataclass(frozen=True, slots=True)
class OnPremises(Cloud):
    """Servers that are bought, with straight-line depreciation; traffic between zones is free.

    Prices are the skus ``onprem.*`` in ``kr``, ``us`` and ``eu``; life, power, spares and
    maintenance are the capacities ``onprem.server`` and ``onprem.site``.  Servers have local disks.
    """

    def _written(self, catalogue: Catalogue, instance: str, volume: str) -> float:
        """Return the sustained throughput of the disks of a server [MiB/s]."""
        return catalogue.value(self.nodes + instance, self.disk_rate)

    def node(
        self,
        load: Operands,
        catalogue: Catalogue,
        region: str,
        instance: str,
        count: Any,
        component: str,
        note: str,
    ) -> tuple[Meter, ...]:
        """Return the meters of ``count`` servers [1], or of the small share that a service needs.

        Purchase: count x (1 + spares) / life in months, and ports likewise; capital: count x (1 +
        spares) x rate / 2 / 12, since straight-line depreciation leaves half of the price on
        average; maintenance: a share of the purchase price per year; power: watts at full load x
        PUE x hours; space by the kW.
        """

        def rule(attribute: str) -> float:
            return catalogue.value("onprem.server", attribute)

        if instance == SMALL:
            count = count * (catalogue.value(f"onprem.{SMALL}", "vcpu") / rule("vcpu"))
        months = rule("life") * MONTHS
        owned = count * (1.0 + rule("spare_share"))
        bought = owned / months
        tied = owned * catalogue.assumed("cost_of_capital") / 2.0 / MONTHS
        ports = rule("network_ports")
        kw = count * rule("power") / 1000.0
        upkeep = count * rule("maintenance") / MONTHS
        used = kw * catalogue.value("onprem.site", "pue") * load.month_hours
        return (
            Meter(
                component,
                "onprem.server",
                region,
                bought,
                "once",
                _("{use}: purchase, over {months:g} months with spares", use=note, months=months),
            ),
            Meter(component, "onprem.server", region, tied, "once", _("{use}: capital", use=note)),
            Meter(
                component,
                "onprem.server",
                region,
                upkeep,
                "once",
                _("{use}: maintenance", use=note),
            ),
            Meter(
                component, "onprem.electricity", region, used, "kWh", _("{use}: power", use=note)
            ),
            Meter(
                component, "onprem.colocation", region, kw, "kW-month", _("{use}: space", use=note)
            ),
            Meter(
                component,
                "onprem.network-port",
                region,
                bought * ports,
                "once",
                _("{use}: ports", use=note),
            ),
            Meter(
                component,
                "onprem.network-port",
                region,
                tied * ports,
                "once",
                _("{use}: capital of ports", use=note),
            ),
        )

    def copies(self, load: Operands, region: str, target: str = "") -> tuple[Meter, ...]:
        """Return the meter of the bytes sent over the internet to the replica regions."""
        sent = monthly_gib(load.ingress_mib_s, load.month_hours) * load.replica_regions
        note = _("to the replica regions")
        return (Meter("network", self.to_internet, region, sent, "GiB", note),)

    def balanced(self, load: Operands, region: str) -> tuple[Meter, ...]:
        """Return no meter: clients are in the same data centre."""
        return ()

    def linked(self, load: Operands, region: str, *, clusters: float = 1.0) -> tuple[Meter, ...]:
        """Return no meter: clients are in the same data centre."""
        return ()

    def kubernetes_meters(self, load: Operands, region: str) -> tuple[Meter, ...]:
        """Return no meter: a self-managed control plane takes a share of the nodes."""
        return ()


def between_sites(region: str, sites: int) -> Meter:
    """Return the meter of the links of each of ``sites`` but the first, at the user's own price."""
    note = _("links between sites")
    return Meter("network", "onprem.site-link", region, sites - 1.0, "month", note)


def hands_on_site(region: str, hours: Operand) -> Meter:
    """Return the meter of the work of the data centre's staff, in hours a month."""
    return Meter("platform", "onprem.remote-hands", region, hours, "hour", _("hands on site"))


ON_PREMISES: Final = OnPremises(
    name="on-prem",
    nodes="onprem.",
    small_node=SMALL,
    disk_rate="disk_throughput",
    volumes={LOCAL: Volume("onprem.server", "")},
    objects=ObjectStore("onprem.object-store", "onprem.object-store", "onprem.object-store"),
    between_zones="",
    sides=0.0,
    to_internet="onprem.internet",
    between_regions="onprem.internet",
    balancer=("", "", ""),
    private_link=("", ""),
    kubernetes="",
    metrics=("", ""),
    local_disk="disk",
)
