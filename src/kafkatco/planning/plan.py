"""Plans: the least-cost path through deployments, compared with staying and the article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kafkatco.core.result import Result, about_prices, dataset, draw
from kafkatco.costing.comparison import Comparison
from kafkatco.costing.costs import Costs, costs_of, known_cost
from kafkatco.costing.price_ranges import CloseCall, close_of, known_ends
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import _
from kafkatco.numerics.typing import Floats
from kafkatco.planning.horizon import Horizon
from kafkatco.planning.payback import Timing, overtakes, pays_back
from kafkatco.planning.phases import LARGE_TB, SMALL_TB
from kafkatco.planning.plan_search import Path, best_path, moves, path_cost
from kafkatco.planning.projection import grown
from kafkatco.planning.switching_costs import Switching
from kafkatco.prices import PriceBook
from kafkatco.sizing.formulas import monthly_tb, stored_gib
from kafkatco.sizing.workload import Operands, Workload

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes


__all__ = ["Stay", "Strategy", "plan"]

#: The article's phases: an upper limit of traffic [TB/month], and the family it advises below it.
PHASES: Final = ((SMALL_TB, "fully-managed"), (LARGE_TB, "cloud-managed"), (np.inf, "self-hosted"))


@dataclass(frozen=True, slots=True)
class Stay:
    """The months, from 1, in which a path stays with a deployment."""

    deployment: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Strategy(Result):
    """The best path of each growth scenario, and the costs of alternatives [currency].

    ``staying`` has the cost of staying with each deployment, and ``phases`` the cost of the
    article's phases, both of shape ``(scenarios,)`` and infinite if infeasible in any month.
    ``running`` has the monthly costs, ``(scenarios, options, months)``, and ``moving`` the cost of
    a move in the first month, ``(scenarios, from, to)``.
    ``regret`` has, for each first deployment, the greatest excess over the best path in any
    feasible scenario, if the rest of the path is as good as it can be.
    ``prices`` identifies the book; ``unpriced_skus`` has, by deployment, the skus without a price,
    and ``unchecked`` the reasons why a limit is unknown.  Then its cost is a ``floor`` in some
    months, ``(scenarios, options, months)``, in which the best path never stays with it.
    ``lowest`` is the path of least cost if every floor were the cost.  ``first_month`` has the
    options that published price ranges leave too close to call in the first month.
    """

    scenarios: tuple[str, ...]
    currency: str
    prices: Mapping[str, str]
    unpriced_skus: Mapping[str, tuple[str, ...]]
    path: Path
    staying: Mapping[str, Floats]
    phases: Floats
    phase_months: NDArray[np.int64]
    regret: Mapping[str, float]
    ingress_tb: Floats
    running: Floats
    moving: Floats
    unchecked: Mapping[str, tuple[str, ...]]
    floor: NDArray[np.bool_]
    lowest: Path
    first_month: CloseCall

    def __repr__(self) -> str:
        return (
            f"Strategy({len(self.path.options)} options x {len(self.scenarios)} growths x "
            f"{self.months} months; first move: {self.no_regret})"
        )

    @property
    def months(self) -> int:
        """The number of months."""
        return int(self.running.shape[2])

    def phase_stays(self, scenario: int = 0) -> tuple[Stay, ...]:
        """Return the path of the article's phases in a scenario as stays, in order."""
        return _stays([self.path.options[i] for i in self.phase_months[scenario]])

    def timings(self, scenario: int = 0) -> dict[tuple[str, str], Timing]:
        """Return, for each pair of deployments, when the second is cheaper and the payback."""
        options = self.path.options
        timings = {}
        for j, old in enumerate(options):
            for k, new in enumerate(options):
                if j != k:
                    a, b = self.running[scenario, j], self.known[scenario, k]
                    once = float(self.moving[scenario, j, k])
                    timings[old, new] = Timing(*overtakes(a, b), pays_back(a, b, once))
        return timings

    @property
    def known(self) -> Floats:
        """The monthly costs that may be the cheapest: infinite where they are floors."""
        known: Floats = known_cost(self.running, ~np.isfinite(self.running), self.floor)
        return known

    def undercuts(self, scenario: int = 0) -> tuple[str, ...]:
        """Return the floors on the path of least cost, if it may cost less than the best path."""
        if not self.lowest.total[scenario] < self.path.total[scenario]:
            return ()
        names = self.lowest.named(scenario)
        floors = zip(names, self.lowest.months[scenario].tolist(), strict=True)
        return tuple(
            dict.fromkeys(
                name
                for month, (name, option) in enumerate(floors)
                if self.floor[scenario, option, month]
            )
        )

    def stays(self, scenario: int = 0) -> tuple[Stay, ...]:
        """Return the best path of a scenario as stays, in order; empty if no path is feasible."""
        return _stays(self.path.named(scenario))

    def lowest_stays(self, scenario: int = 0) -> tuple[Stay, ...]:
        """Return the path of least cost if every floor were the cost, as stays, in order."""
        return _stays(self.lowest.named(scenario))

    @property
    def no_regret(self) -> str | None:
        """The first deployment with the least regret; ``None`` if none is feasible."""
        finite = {name: loss for name, loss in self.regret.items() if np.isfinite(loss)}
        return min(finite, key=lambda name: finite[name]) if finite else None

    def plot(
        self, ax: Axes | None = None, *, scenario: str | None = None, language: str = "en"
    ) -> Axes:
        """Draw the best path of one scenario, by default the first; needs the extra ``plot``."""
        return draw(self, "plot", ax, scenario=scenario, language=language)

    def to_xarray(self) -> xr.Dataset:
        """Return a Dataset over ``scenario``, ``deployment`` and ``month`` (from 1).

        It has the ``running`` cost, ``best`` (the deployment of the least-cost path, "" if no path
        is feasible), ``ingress`` [TB/month], and the totals of the best path, of staying with each
        deployment, and of the article's ``phases``.  Costs are missing if infeasible.
        """
        return dataset(self)

    def _about(self) -> dict[str, Any]:
        return about_prices(self.currency, self.prices)


def _stays(names: Sequence[str]) -> tuple[Stay, ...]:
    starts = [i for i, name in enumerate(names) if i == 0 or name != names[i - 1]]
    stops = [*starts[1:], len(names)]
    stays = (Stay(names[i], i + 1, j) for i, j in zip(starts, stops, strict=True))
    return tuple(stay for stay in stays if stay.deployment)


def plan(
    workload: Workload,
    deployments: Sequence[Deployment],
    book: PriceBook,
    *,
    horizon: Horizon | None = None,
    switching: Switching | None = None,
) -> Strategy:
    """Return the least-cost path through deployments under growth, and its alternatives.

    Costs are those of :func:`kafkatco.project` without credits: the running cost of each month,
    and set-up and data movement in the month of a move, all with that month's inflation and
    discount.  The article's phases use the first deployment of a family.  If there is none, they
    keep the deployment they have: at first the current one, or else the first.

    Raises
    ------
    InputError
        As :func:`kafkatco.project`, and for an unknown deployment in ``switching``.

    Examples
    --------
    >>> from kafkatco import Compound, ConfluentBasic, MskStandard
    >>> strategy = plan(
    ...     Workload(ingress="0.5 TB/month", fanout=1, retention="1 day"),
    ...     [ConfluentBasic(region="us-east-1", access="none"),
    ...      MskStandard(region="us-east-1", instance="kafka.m7g.large")],
    ...     PriceBook("list", as_of="2025-10-31"),
    ...     horizon=Horizon(growth=Compound(annual_rate=9.0), months=24))
    >>> [(stay.deployment, stay.first, stay.last) for stay in strategy.stays()]
    [('confluent-basic', 1, 13), ('msk-standard', 14, 24)]
    """
    horizon = Horizon.of("plan", horizon)
    rules = switching or Switching()
    comparison = Comparison.of("plan", workload, deployments, book, horizon.month_hours)
    _check(rules, comparison.labels)
    hours = horizon.hours(book)
    load = grown(workload, book, horizon.scenarios, hours)
    catalogue = book.catalogue()
    each = [costs_of(option, load, book, catalogue) for option in comparison.deployments]
    choices = _choices(each, load, horizon, rules, book)
    ingress = monthly_tb(load.ingress_mib_s, hours)
    families = [option.family for option in comparison.deployments]
    start = 0 if rules.current is None else comparison.labels.index(rules.current)
    phased = _phased(ingress, families, start)
    path = choices.best()
    return Strategy(
        scenarios=tuple(model.label for model in horizon.scenarios),
        currency=book.currency,
        prices=book.describe(),
        unpriced_skus={cost.label: cost.unpriced_skus for cost in each if cost.unpriced_skus},
        unchecked={cost.label: cost.unchecked for cost in each if cost.unchecked},
        floor=choices.floor,
        lowest=choices.lowest(),
        path=path,
        staying={
            label: choices.cost([i] * horizon.months) for i, label in enumerate(choices.labels)
        },
        phases=np.array([choices.of(i).cost(months)[0] for i, months in enumerate(phased)]),
        phase_months=phased,
        regret=_regret(choices, path),
        ingress_tb=ingress,
        running=choices.running,
        moving=choices.moves(),
        first_month=_first_month(comparison, each, load),
    )


def _first_month(comparison: Comparison, each: Sequence[Costs], load: Operands) -> CloseCall:
    """Return the options that are too close to call in the first month of the first growth."""

    def first(cost: Any) -> float:
        return float(np.broadcast_to(np.asarray(cost, float), load.ingress_mib_s.shape)[0, 0])

    costs = {}
    for option, cost in zip(comparison.deployments, each, strict=True):
        known = first(cost.known)
        if np.isfinite(known):
            low, high = known_ends(option, load, comparison.book) or (known, known)
            costs[option.label] = first(low), known, first(high)
    return close_of(costs, comparison.book.currency)


@dataclass(frozen=True, slots=True, eq=False)
class _Choices:
    """The costs that a path depends on [currency, present value].

    ``running`` and ``setup`` have the shape ``(scenarios, options, months)``, ``stored_gib`` [GiB]
    ``(scenarios, months)``, and ``per_gib``, the cost of moving one GiB, ``(months,)``.  ``floor``
    is where ``running`` is a floor.
    """

    labels: tuple[str, ...]
    running: Floats
    setup: Floats
    stored_gib: Floats
    per_gib: Floats
    rules: Switching
    floor: NDArray[np.bool_]

    def _moving(self) -> dict[str, Any]:
        """Return the arguments of the functions in ``plan_search`` that concern moving."""
        return {
            "options": self.labels,
            "stored_gib": self.stored_gib,
            "per_gib": self.per_gib,
            "switching": self.rules,
        }

    def best(self, first: str | None = None) -> Path:
        """Return the least-cost path of each scenario, starting with ``first`` if it is named.

        It stays with no option whose cost is a floor.
        """
        moving = self._moving()
        return best_path(self.running, self.setup, first=first, avoided=self.floor, **moving)

    def lowest(self) -> Path:
        """Return the least-cost path of each scenario if every floor is the cost."""
        return best_path(self.running, self.setup, **self._moving())

    def cost(self, months: Sequence[int]) -> Floats:
        """Return the cost of a path, an option by month, in each scenario, ``(scenarios,)``."""
        return path_cost(months, self.running, self.setup, **self._moving())

    def moves(self) -> Floats:
        """Return the cost of a move in the first month, ``(scenarios, from, to)``."""
        moved = self.stored_gib * self.per_gib
        return moves(self.running, self.setup, moved, self.labels, self.rules)

    def of(self, scenario: int) -> _Choices:
        """Return the choices of one scenario."""
        running, setup, stored = (
            x[[scenario]] for x in (self.running, self.setup, self.stored_gib)
        )
        floor = self.floor[[scenario]]
        return replace(self, running=running, setup=setup, stored_gib=stored, floor=floor)


def _choices(
    each: Sequence[Costs], load: Operands, horizon: Horizon, rules: Switching, book: PriceBook
) -> _Choices:
    """Return the costs of each month, with its inflation and discount."""
    shape = load.ingress_mib_s.shape
    factor = horizon.price_index * horizon.present_value

    def monthly(amount: Any) -> Any:
        return np.broadcast_to(np.asarray(amount, float), shape) * factor

    running = [
        np.where(np.broadcast_to(cost.infeasible, shape), np.inf, monthly(cost.total))
        for cost in each
    ]
    return _Choices(
        labels=tuple(cost.label for cost in each),
        running=np.stack(running, axis=1),
        setup=np.stack([monthly(cost.one_off) for cost in each], axis=1),
        stored_gib=np.broadcast_to(stored_gib(load.retained_mib_s, load.retention_h), shape),
        per_gib=rules.per_gib(book) * factor,
        rules=rules,
        floor=np.stack([np.broadcast_to(cost.floor, shape) for cost in each], axis=1),
    )


def _regret(choices: _Choices, best: Path) -> dict[str, float]:
    """Return the greatest regret of each first deployment over the feasible scenarios."""
    feasible = np.isfinite(best.total)
    regret = dict.fromkeys(choices.labels, np.inf)
    if feasible.any():
        for label in choices.labels:
            excess = choices.best(first=label).total[feasible] - best.total[feasible]
            regret[label] = float(np.max(excess, initial=0.0))
    return regret


def _phased(ingress_tb: Floats, families: Sequence[str], start: int) -> NDArray[np.int64]:
    """Return the option of each month by the article's phases: ``(scenarios, months)``."""
    options = np.zeros(ingress_tb.shape, dtype=np.int64)
    for line, row in enumerate(ingress_tb):
        option = start
        for month, traffic in enumerate(row):
            family = next(name for limit, name in PHASES if traffic < limit)
            option = families.index(family) if family in families else option
            options[line, month] = option
    return options


def _check(rules: Switching, labels: Sequence[str]) -> None:
    named = [*rules.lead_months, *rules.committed_months]
    named += [] if rules.current is None else [rules.current]
    problems = [
        Problem("switching", repr(name), _("a deployment"), nearest(name, labels, limit=20))
        for name in dict.fromkeys(named)
        if name not in labels
    ]
    if problems:
        raise InputError("plan", problems)
