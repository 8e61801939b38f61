"""Recommendation: constraints first, then cost, then the article's guide."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from kafkatco.analysis.profile import Profile
from kafkatco.core.format import either, floor_reasons, may_cost_less, money
from kafkatco.core.result import Result, about_prices
from kafkatco.costing.bill import Bill, bill_of
from kafkatco.costing.comparison import Comparison
from kafkatco.costing.price_ranges import CloseCall, close_of
from kafkatco.costing.support_plan import usual_plan
from kafkatco.costing.tax import not_modelled
from kafkatco.deployments import Deployment, Labour
from kafkatco.errors import InputError, MissingPriceError, Problem, nearest, shown
from kafkatco.i18n.message import EMPTY, Message, _, join, translated_as
from kafkatco.numerics.tolerance import SAME
from kafkatco.planning.phases import LARGE_TB, SMALL_TB
from kafkatco.prices import Catalogue, PriceBook
from kafkatco.sizing.formulas import monthly_tb
from kafkatco.sizing.workload import Operands, Workload

SOURCE: Final = _("the Korean article that this project began with, October 2025")

__all__ = ["SOURCE", "Option", "Recommendation", "recommend"]


@dataclass(frozen=True, slots=True)
class Option:
    """An option: why it is ruled out, its cost [currency], its people [FTE], and pros and cons.

    ``people`` is ``None`` without ``labour``: the cost is then without people.
    ``floor`` is why its cost is a floor, which rules it out; empty if it is not.  ``low`` and
    ``high`` are the cost at the ends of published price ranges: the cost itself without any.
    ``supported`` is the cost with a support plan: with its own, or with ``plan``, the usual one of
    its provider; the cost itself if the provider sells none.
    """

    name: str
    family: str
    ruled_out: tuple[Message, ...]
    cost: float | None
    people: float | None
    pros: tuple[Message, ...]
    cons: tuple[Message, ...]
    not_modelled: tuple[str, ...]
    floor: Message = EMPTY
    low: float | None = None
    high: float | None = None
    plan: str = ""
    supported: float | None = None

    @property
    def only_unknown(self) -> bool:
        """Whether nothing but the unknown cost rules the option out."""
        return bool(self.floor) and len(self.ruled_out) == 1


@dataclass(frozen=True, slots=True)
class Recommendation(Result):
    """Options in order: those that meet the constraints by cost, then those that are ruled out.

    ``winners`` has the name of the cheapest option, or of all within the margin, best first by the
    article's guide; it is empty if no option meets the constraints.  ``close_call`` has those that
    published price ranges leave too close to call, which the verdict then names.
    """

    options: tuple[Option, ...]
    winners: tuple[str, ...]
    currency: str
    margin: float
    prices: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Recommendation({self.verdict})"

    @property
    def close_call(self) -> CloseCall:
        """The options that meet the constraints and may be the cheapest by published ranges."""
        return close_of(
            {
                option.name: (option.low or 0.0, option.cost, option.high or 0.0)
                for option in self.options
                if not option.ruled_out and option.cost is not None
            },
            self.currency,
        )

    @property
    def with_support(self) -> Message:
        """Who is cheapest with a support plan, in a sentence; empty if no plan would be added."""
        able = [option for option in self.options if not option.ruled_out and option.plan]
        if not able:
            return EMPTY
        costs = {
            option.name: option.supported
            for option in self.options
            if not option.ruled_out and option.supported is not None
        }
        best = min(costs, key=lambda name: costs[name])
        plans: dict[str, list[str]] = {}
        for option in able:
            plans.setdefault(option.plan, []).append(option.name)
        return _(
            "with support ({plans}) {name} costs least: {amount} {currency} a month",
            plans="; ".join(f"{plan}: {', '.join(names)}" for plan, names in plans.items()),
            name=best,
            amount=money(costs[best], self.currency),
            currency=self.currency,
        )

    @property
    def verdict(self) -> Message:
        """The recommendation in a sentence, with the floors that may cost less."""
        return join(" ", [self._taken, *(join("", [text, "."]) for text in self._undercuts())])

    def _undercuts(self) -> Iterator[Message]:
        """Yield a clause on each floor that would be the cheapest."""
        best = self.options[0].cost if self.winners else None
        for option in self.options:
            cost = option.cost
            if option.only_unknown and cost is not None and (best is None or cost < best):
                yield may_cost_less(option.name, cost, self.currency, option.floor)

    @property
    def _taken(self) -> Message:
        if not self.winners:
            if any(option.only_unknown for option in self.options):
                return _("No option with a known cost meets the constraints.")
            return _("No option meets the constraints.")
        if not self.close_call.options.keys() <= {*self.winners}:
            names = {*self.winners, *self.close_call.options}
            ends = {one.name: (one.low or 0.0, one.high or 0.0) for one in self.options}
            close = {name: ends[name] for name in ends if name in names}
            return _("Too close to call: {options}.", options=either(close, self.currency))
        if len(self.winners) > 1:
            return _(
                "Too close to call, within {margin:g} %: {names}.",
                margin=100 * self.margin,
                names=join(", ", self.winners),
            )
        best, *others = (option for option in self.options if not option.ruled_out)
        cost, currency = best.cost or 0.0, self.currency
        choice = {"name": best.name, "amount": money(cost, currency), "currency": currency}
        if not others:
            return _(
                "Take {name}: {amount} {currency} a month; no other option meets the constraints.",
                **choice,
            )
        return _(
            "Take {name}: {amount} {currency} a month, {saving:.3g} % less than {other}.",
            **choice,
            saving=100 * (1.0 - cost / (others[0].cost or cost)),
            other=others[0].name,
        )

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
    """Recommend an option: by constraints first, then cost, then the article's guide.

    Costs are those of the bills: monthly [currency of the book], with people where an option has
    ``labour``.  An option with an unknown cost is ruled out, with the missing price.  Without a
    ``profile``, cost alone decides; an option without ``labour`` needs the people of the staffing
    model, if the profile limits them.  If a floor would be the cheapest, the verdict says so.  Who
    is cheapest with the support plan that production usually has is said next to it, since bills
    have a plan only where ``support`` is set.

    Raises :class:`~kafkatco.InputError` for certificates of a provider of none of the deployments.

    Examples
    --------
    >>> from kafkatco import ConfluentBasic, MskStandard
    >>> result = recommend(
    ...     Workload(ingress="1 TB/month", retention="1 day"),
    ...     [MskStandard(region="us-east-1", instance="kafka.t3.small"),
    ...      ConfluentBasic(region="us-east-1", access="none")],
    ...     PriceBook("list", as_of="2025-10-31"), Profile(staff=0.5))
    >>> result.verdict
    'Take confluent-basic: 100.48 USD a month; no other option meets the constraints.'
    >>> result.options[-1].ruled_out
    ('needs 1 FTE by the staffing model; the team has 0.5',)
    """
    comparison = Comparison.of("recommend", workload, deployments, book, month_hours)
    profile = _profile(profile)
    providers = {deployment.provider for deployment in comparison.deployments}
    problems = [
        Problem(
            "certified",
            repr(name),
            _("a provider of the deployments"),
            nearest(name, providers, limit=20),
        )
        for name in profile.certified
        if name not in providers
    ]
    if problems:
        raise InputError("profile", problems)
    catalogue = book.catalogue()
    options = [
        _option(
            profile, deployment, _in_regions(profile, deployment, comparison.load), book, catalogue
        )
        for deployment in comparison.deployments
    ]
    eligible = sorted(
        (option for option in options if not option.ruled_out and option.cost is not None),
        key=lambda option: option.cost or 0.0,
    )
    close = [
        option
        for option in eligible
        if (option.cost or 0.0) <= (eligible[0].cost or 0.0) * (1.0 + profile.margin)
    ]
    close.sort(key=lambda option: len(option.cons) - len(option.pros))
    winners = tuple(option.name for option in close)
    excluded = [option for option in options if option.ruled_out]
    return Recommendation(
        (*eligible, *excluded), winners, book.currency, profile.margin, book.describe()
    )


def _profile(profile: Any) -> Profile:
    if profile is None:
        return Profile()
    if not isinstance(profile, Profile):
        expected = _("a Profile, such as {example}", example="Profile(staff=1)")
        raise InputError("recommend", [Problem("profile", shown(profile), expected)])
    return profile


def _in_regions(profile: Profile, deployment: Deployment, load: Operands) -> Operands:
    """Return a workload with copies in another region, if a profile needs them and has none."""
    if profile.multi_region and not load.replica_regions and not deployment.second_sites:
        return load.replace(replica_regions=1.0)
    return load


def _option(
    profile: Profile, deployment: Deployment, load: Operands, book: PriceBook, catalogue: Catalogue
) -> Option:
    bill, people, floor = None, None, EMPTY
    ruled_out: list[Message] = []
    try:
        bill = bill_of(deployment, load, book, catalogue)
    except MissingPriceError as error:
        ruled_out.append(_("unknown cost: no {missing}", missing=error.what))
    else:
        ruled_out += _not_comparable(bill)
        floor = floor_reasons(bill.unpriced_skus, bill.unchecked)
        if not bill.infeasible:
            labour = deployment.labour or Labour()
            people = float(labour.people(deployment.family, catalogue, bill.sizing))
    plan, supported = _supported(deployment, bill, load, book, catalogue)
    pros, cons = _guided(profile, deployment, load)
    return Option(
        name=deployment.label,
        family=deployment.family,
        ruled_out=(*ruled_out, *_unmet(profile, deployment, people)),
        cost=bill.total if bill else None,
        low=bill.low if bill else None,
        high=bill.high if bill else None,
        people=None if deployment.labour is None else people,
        pros=pros,
        cons=cons,
        not_modelled=not_modelled(deployment, load, book),
        floor=floor,
        plan=plan,
        supported=supported,
    )


def _supported(
    deployment: Deployment, bill: Bill | None, load: Operands, book: PriceBook, catalogue: Catalogue
) -> tuple[str, float | None]:
    """Return the support plan that is added, if any, and the cost with support."""
    if bill is None or bill.total is None:
        return "", None
    plan = "" if deployment.support != "none" else usual_plan(deployment, book)
    if not plan:
        return "", bill.total
    return plan, bill_of(deployment.replace(support=plan), load, book, catalogue).total


def _not_comparable(bill: Bill) -> Iterator[Message]:
    """Yield the reasons why a bill has no cost to compare."""
    for reason in bill.infeasible:
        yield _("cannot handle the load: {reason}", reason=reason)
    if bill.is_floor:
        reasons = floor_reasons(bill.unpriced_skus, bill.unchecked)
        yield _("unknown cost: {reasons}", reasons=reasons)


def _unmet(profile: Profile, deployment: Deployment, people: float | None) -> Iterator[Message]:
    """Yield the constraints that an option does not meet."""
    cloud, provider = deployment.home.name, deployment.provider
    if profile.on_premises_only and cloud != "on-prem":
        yield _("data would leave your premises")
    if profile.clouds is not None and cloud not in profile.clouds:
        yield _("runs on {cloud}; allowed: {clouds}", cloud=cloud, clouds=", ".join(profile.clouds))
    if profile.regions is not None and deployment.region not in profile.regions:
        yield _(
            "in {region}; allowed: {regions}",
            region=deployment.region,
            regions=", ".join(profile.regions),
        )
    if deployment.family != "self-hosted":
        certificates = {*_certificates().get(provider, ()), *profile.certified.get(provider, ())}
        for standard in profile.compliance:
            if standard not in certificates:
                yield _(
                    "{standard}: none of our sources confirms it for {provider}",
                    standard=standard,
                    provider=provider,
                )
        if profile.multi_region and not deployment.replication:
            yield _("no service for replication between regions")
    if profile.staff is not None and people is not None and people > profile.staff * (1 + SAME):
        if deployment.labour is None:
            yield _(
                "needs {people:.3g} FTE by the staffing model; the team has {staff:g}",
                people=people,
                staff=profile.staff,
            )
        else:
            yield _(
                "needs {people:.3g} FTE; the team has {staff:g}", people=people, staff=profile.staff
            )


def _guided(
    profile: Profile, deployment: Deployment, load: Operands
) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """Return the pros and cons of an option's family in the article's guide."""
    traffic = float(monthly_tb(load.ingress_mib_s, load.month_hours))
    holds = {
        "always": True,
        "traffic>=10": traffic >= LARGE_TB,
        "traffic 1-10": SMALL_TB <= traffic < LARGE_TB,
        "traffic<=1": traffic <= SMALL_TB,
        "on_premises": profile.on_premises_only and deployment.family == "self-hosted",
        "leaves": profile.on_premises_only and deployment.home.name != "on-prem",
        "customisation": profile.customisation,
        "operating": profile.operating,
        "compliance": bool(profile.compliance),
        "multi_region": profile.multi_region,
        "mvp": profile.mvp,
        "cloud": profile.clouds is not None and len(profile.clouds) == 1,
        "no_staff": profile.staff is not None and profile.staff < 1.0,
    }
    rows = [row for row in _guidance() if row["family"] == deployment.family and holds[row["when"]]]
    return _reasons(rows, "for"), _reasons(rows, "against")


def _reasons(rows: Sequence[Mapping[str, str]], side: str) -> tuple[Message, ...]:
    """Return the reasons of one side, in the article's own words in Korean."""
    return tuple(
        translated_as(row["reason"], ko=row["reason_ko"]) for row in rows if row["side"] == side
    )


@cache
def _guidance() -> tuple[dict[str, str], ...]:
    text = (files("kafkatco.analysis") / "guidance.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def _certificates() -> dict[str, tuple[str, ...]]:
    text = (files("kafkatco.analysis") / "compliance.csv").read_text(encoding="utf-8")
    standards: dict[str, tuple[str, ...]] = {}
    for row in csv.DictReader(text.splitlines()):
        standards[row["provider"]] = (*standards.get(row["provider"], ()), row["standard"])
    return standards
