"""The rivals of self-hosting: every kind of deployment that has prices in a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from kafkatco.analysis.axes import find_axis
from kafkatco.analysis.cost_curves import Totals, ends_of, swept_totals
from kafkatco.article.scenario import LIST_REGIONS, PUBLIC, at_list, names
from kafkatco.costing.candidates import missing_prices
from kafkatco.costing.comparison import Comparison
from kafkatco.deployments import KINDS, Deployment, Labour
from kafkatco.deployments.confluent import ConfluentBasic
from kafkatco.deployments.msk_standard import MskStandard
from kafkatco.errors import MissingPriceError
from kafkatco.numerics.curve import Curve
from kafkatco.prices import PriceBook
from kafkatco.scenario.scenario import Scenario
from kafkatco.sizing.labour import Family
from kafkatco.sizing.workload import Workload

__all__ = ["NAMED", "NONE", "Offers", "Terms", "offers"]

#: The region of each cloud in the place of an AWS region; Google's is the one in the country that
#: has prices.
PLACES: Final[Mapping[str, Mapping[str, str]]] = {
    "ap-northeast-2": {
        "aws": "ap-northeast-2",
        "azure": "koreacentral",
        "gcp": "asia-northeast3",
        "on-prem": "kr",
    },
    "us-east-1": {"aws": "us-east-1", "azure": "eastus", "gcp": "us-central1", "on-prem": "us"},
}
#: The kinds that the article compares self-hosting with.
NAMED: Final = (
    MskStandard.model_fields["kind"].default,
    ConfluentBasic.model_fields["kind"].default,
)
#: The fields of a kind that only an offer to the user has.
QUOTES: Final = ("quote",)


def _unchanged(_option: Deployment) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Terms:
    """What options are compared on: the workload, the prices, the place and the people.

    ``people`` are those of each of the article's three families.  ``hosts`` are the clouds on which
    self-hosting may run, and ``clouds`` those of its rivals.  ``fields`` returns the fields of an
    option that differ from its defaults.
    """

    workload: Workload
    book: PriceBook
    people: Mapping[Family, Labour | None]
    month_hours: float | str = 730
    region: str = LIST_REGIONS[0]
    hosts: tuple[str, ...] = ("aws",)
    clouds: tuple[str, ...] = ("aws", "azure", "gcp")
    fields: Callable[[Deployment], Mapping[str, Any]] = _unchanged

    @classmethod
    def of(cls, sized: Scenario, region: str) -> Terms:
        """Return the terms of the article's scenario at list prices in an AWS ``region``."""
        labour = {option.label: option.labour for option in sized.deployments}
        own, msk, confluent = (labour[name] for name in names(sized))
        return cls(
            sized.workload,
            sized.book,
            {"self-hosted": own, "cloud-managed": msk, "fully-managed": confluent},
            sized.conventions.month_hours,
            region,
        )

    @classmethod
    def base(cls, article: Scenario, book: PriceBook | None = None) -> Terms:
        """Return the terms of the article's claims: its own, at list prices in its own country."""
        return cls.of(at_list(article, LIST_REGIONS[0], sized=True, book=book), LIST_REGIONS[0])

    def options(self) -> tuple[tuple[Deployment, ...], tuple[Deployment, ...]]:
        """Return the options of self-hosting, and their rivals; those with a quote are neither."""
        every = [
            self._option(model, example)
            for model in KINDS.values()
            for example in model.examples
            if not set(QUOTES) & set(example)
        ]
        own = [x for x in every if x.family == "self-hosted" and x.home.name in self.hosts]
        rivals = [x for x in every if x.family != "self-hosted" and x.home.name in self.clouds]
        return tuple(own), tuple(rivals)

    def _option(self, model: type[Deployment], example: Mapping[str, Any]) -> Deployment:
        """Return an option of a kind in the place; Basic is where it has a price, as in claims."""
        cloud = example.get("cloud", model.runs_on)
        region = PLACES[self.region][cloud]
        if issubclass(model, ConfluentBasic) and region not in self.book.regions(model.sku_prefix):
            region = PUBLIC
        kind = model.model_fields["kind"].default
        named = {"aws": kind, "on-prem": f"{kind} on premises"}
        name = named.get(cloud, f"{kind} on {cloud}") if "cloud" in example else ""
        option = model(name=name, region=region, labour=self.people[model.family], **example)
        return option.replace(**self.fields(option))


@dataclass(frozen=True, slots=True)
class Offers:
    """The costs of options along one input, in the unit of its axis, and those without a price.

    ``needs_price`` has what is missing, by option.
    """

    costs: Mapping[str, Totals]
    needs_price: Mapping[str, tuple[str, ...]]


#: Of no options at all.
NONE: Final = Offers({}, {})


def offers(
    terms: Terms,
    options: Sequence[Deployment],
    *,
    over: str = "ingress",
    start: float | None = None,
    stop: float | None = None,
) -> Offers:
    """Return the costs of options along one input, such as traffic from 0.1 TB to 1 PB a month.

    An option that lacks a price anywhere on the axis has no cost: it needs the user's price.
    """
    every = Comparison.of("claims", terms.workload, options, terms.book, terms.month_hours)
    axis = find_axis(over, every)
    low, high = ends_of(axis, start, stop, every.load.month_hours)
    costs, needs = dict[str, Totals](), dict[str, tuple[str, ...]]()
    for option in every.deployments:
        one = replace(every, deployments=(option,))
        try:
            [cost] = swept_totals(one, axis, low, high).values()
        except MissingPriceError as error:
            load = axis.vary(one, Curve.identity(low, high)).load
            missing = missing_prices(option, load, terms.book, terms.book.catalogue())
            skus = (each.sku or each.what for each in (missing or (error,)))
            needs[option.label] = tuple(dict.fromkeys(skus))
        else:
            costs[option.label] = replace(
                cost,
                total=cost.total.stretched(axis.per_base),
                infeasible=cost.infeasible.stretched(axis.per_base),
                floor=cost.floor.stretched(axis.per_base),
            )
    return Offers(costs, needs)
