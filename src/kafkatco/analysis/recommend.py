"""Which option to take: constraints first, then cost, then what the article's guide says."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from kafkatco.analysis.profile import Profile
from kafkatco.core.result import Result, about_prices
from kafkatco.costing.bill import Bill, bill_of
from kafkatco.costing.comparison import Comparison
from kafkatco.deployments import Deployment, Labour
from kafkatco.errors import InputError, MissingPriceError, Problem, nearest, shown
from kafkatco.i18n.message import _
from kafkatco.numerics.tolerance import SAME
from kafkatco.planning.phases import LARGE_TB, SMALL_TB
from kafkatco.prices import PriceBook
from kafkatco.sizing.formulas import monthly_tb
from kafkatco.sizing.workload import Operands, Workload

SOURCE: Final = "the Korean article that this project began with, October 2025"

__all__ = ["SOURCE", "Option", "Recommendation", "recommend"]


@dataclass(frozen=True, slots=True)
class Option:
    """An option: what rules it out, what it costs, and what speaks for and against it."""

    name: str
    family: str
    ruled_out: tuple[str, ...]
    cost: float | None
    people: float | None
    pros: tuple[str, ...]
    cons: tuple[str, ...]
    not_modelled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recommendation(Result):
    """Options in order: those that can be taken by cost, then those that are ruled out.

    ``winners`` has one name, or those that are too close to call, the one for which the article's
    guide has most first; it is empty where none can be taken.
    """

    options: tuple[Option, ...]
    winners: tuple[str, ...]
    currency: str
    margin: float
    prices: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Recommendation({self.verdict})"

    @property
    def verdict(self) -> str:
        """The recommendation in a sentence."""
        if not self.winners:
            return "No option meets the constraints."
        names = " and ".join(self.winners)
        if len(self.winners) > 1:
            return f"Too close to call, within {100 * self.margin:g} %: {names}."
        return f"{names} costs least of what meets the constraints."

    def _about(self) -> dict[str, Any]:
        return about_prices(self.currency, self.prices)


def recommend(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    profile: Profile | None = None,
    *,
    month_hours: float | str = 730,
) -> Recommendation:
    """Return what to take for a workload: constraints first, then cost, then the article's guide.

    An option without people of its own gets those of the staffing model, so that none looks
    cheap for leaving them out.  Cost is of a month [currency of the book]; an option whose cost
    is not known is ruled out, with what is missing.  Raises :class:`~kafkatco.InputError` for
    certificates of a provider that is not among the deployments.  Without a ``profile`` cost alone
    decides.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, MskStandard
    >>> found = recommend(
    ...     Workload(ingress="1 TB/month", retention="1 day"),
    ...     [MskStandard(region="us-east-1", instance="kafka.t3.small"),
    ...      ConfluentBasic(region="us-east-1")],
    ...     PriceBook("list", as_of="2025-10-31"), Profile(staff=0))
    >>> found.verdict
    'confluent-basic costs least of what meets the constraints.'
    >>> found.options[-1].ruled_out
    ('needs 1 people, 0 are at hand',)
    """
    comparison = Comparison.of("recommend", workload, deployments, book, month_hours)
    profile = _profile(profile)
    operands = comparison.load
    if profile.multi_region and not operands.replica_regions:
        operands = operands.replace(replica_regions=1.0)
    providers = {item.provider for item in comparison.deployments}
    unknown = [name for name in profile.certified if name not in providers]
    if unknown:
        expected = "a provider of the deployments"
        raise InputError(
            "profile",
            [
                Problem("certified", repr(n), expected, nearest(n, providers, limit=20))
                for n in unknown
            ],
        )
    staffed = [
        item if item.labour else item.model_copy(update={"labour": Labour()})
        for item in comparison.deployments
    ]
    options = [_option(profile, item, operands, book) for item in staffed]
    able = sorted(
        (item for item in options if not item.ruled_out and item.cost is not None),
        key=lambda item: item.cost or 0.0,
    )
    close = [
        item
        for item in able
        if (item.cost or 0.0) <= (able[0].cost or 0.0) * (1.0 + profile.margin)
    ]
    close.sort(key=lambda item: len(item.cons) - len(item.pros))
    winners = tuple(item.name for item in close)
    out = [item for item in options if item.ruled_out]
    return Recommendation((*able, *out), winners, book.currency, profile.margin, book.describe())


def _profile(profile: Any) -> Profile:
    if profile is None:
        return Profile()
    if not isinstance(profile, Profile):
        problem = Problem(
            "profile", shown(profile), _("a Profile, such as {example}", example="Profile(staff=1)")
        )
        raise InputError("recommend", [problem])
    return profile


def _option(profile: Profile, item: Deployment, operands: Operands, book: PriceBook) -> Option:
    found: Bill | None = None
    unknown = ""
    try:
        found = bill_of(item, operands, book)
    except MissingPriceError as error:
        unknown = f"its cost is not known: no {error.what}"
    people = None
    if found and not found.infeasible:
        people = sum(float(x.quantity) for x in found.lines if x.component == "labour")
    pros, cons = _guided(profile, item, operands)
    ruled_out = [unknown] if found is None else [*_unserved(found)]
    return Option(
        name=item.label,
        family=item.family,
        ruled_out=(*ruled_out, *_ruled_out(profile, item, people)),
        cost=found.total if found else None,
        people=people,
        pros=pros,
        cons=cons,
        not_modelled=item.not_modelled(operands),
    )


def _unserved(found: Bill) -> Iterator[str]:
    """Yield why a bill is no cost to compare."""
    yield from (f"cannot serve: {reason}" for reason in found.infeasible)
    if found.unpriced_skus:
        yield f"its cost is not known: no price of {', '.join(found.unpriced_skus)}"


def _ruled_out(profile: Profile, item: Deployment, people: float | None) -> Iterator[str]:
    """Yield the constraints that an option does not meet."""
    if profile.on_premises_only and item.home.name != "on-prem":
        yield "data leaves one's own premises"
    if profile.clouds is not None and item.home.name not in profile.clouds:
        yield f"runs on {item.home.name}, not on {' or '.join(profile.clouds)}"
    if profile.regions is not None and item.region not in profile.regions:
        yield f"in {item.region}, not in {' or '.join(profile.regions)}"
    if item.family != "self-hosted":
        provider = item.provider
        known = {*_certificates().get(provider, ()), *profile.certified.get(provider, ())}
        for standard in profile.compliance:
            if standard not in known:
                yield f"{standard}: no source that we read says that {provider} has it"
    if profile.multi_region and item.family != "self-hosted" and not item.replication:
        yield "no service for replication between regions"
    if profile.staff is not None and people is not None and people > profile.staff * (1 + SAME):
        yield f"needs {people:.3g} people, {profile.staff:g} are at hand"


def _guided(
    profile: Profile, item: Deployment, operands: Operands
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the article's guide has for and against an option's family."""
    traffic = float(monthly_tb(operands.ingress_mib_s, operands.month_hours))
    holds = {
        "always": True,
        "traffic>=10": traffic >= LARGE_TB,
        "traffic 1-10": SMALL_TB <= traffic < LARGE_TB,
        "traffic<=1": traffic <= SMALL_TB,
        "on_premises": profile.on_premises_only and item.family == "self-hosted",
        "leaves": profile.on_premises_only and item.home.name != "on-prem",
        "customisation": profile.customisation,
        "operating": profile.operating,
        "compliance": bool(profile.compliance),
        "multi_region": profile.multi_region,
        "mvp": profile.mvp,
        "cloud": profile.clouds is not None and len(profile.clouds) == 1,
        "no_staff": profile.staff is not None and profile.staff < 1.0,
    }
    of_family = [row for row in _guidance() if row["family"] == item.family and holds[row["when"]]]
    pros = tuple(row["reason"] for row in of_family if row["side"] == "for")
    cons = tuple(row["reason"] for row in of_family if row["side"] == "against")
    return pros, cons


@cache
def _guidance() -> tuple[dict[str, str], ...]:
    text = (files("kafkatco.analysis") / "guidance.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def _certificates() -> dict[str, tuple[str, ...]]:
    text = (files("kafkatco.analysis") / "compliance.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for row in csv.DictReader(text.splitlines()):
        found[row["provider"]] = (*found.get(row["provider"], ()), row["standard"])
    return found
