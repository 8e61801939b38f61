"""When to move where: the best path of a scenario, against staying, and the article's phases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kafkatco.core.result import Result, about_prices, dataset, draw
from kafkatco.costing.comparison import Comparison
from kafkatco.costing.costs import Costs, costs_of
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem, nearest
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

#: The article's phases: below so many TB a month, the family that it advises.
PHASES: Final = ((SMALL_TB, "fully-managed"), (LARGE_TB, "cloud-managed"), (np.inf, "self-hosted"))


@dataclass(frozen=True, slots=True)
class Stay:
    """Months, from 1, in which a path stays with a deployment."""

    deployment: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Strategy(Result):
    """The best path of each growth scenario, and what else would cost [currency].

    ``staying`` has the cost of staying with each deployment, ``phases`` that of the article's
    thresholds, each of shape ``(scenarios,)`` and infinite where it cannot serve to the end.
    ``running`` is what each costs a month, ``(scenarios, options, months)``, and ``moving`` what
    moving between two in the first month does, ``(scenarios, from, to)``.
    ``regret`` says, for each first move, how much more than the best is lost at most over the
    scenarios that can be served when it is made and all goes on as well as it can.
    ``prices`` identifies the book; ``unpriced_skus`` has, by deployment, the skus without a price,
    for which its cost is a floor.
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

    def __repr__(self) -> str:
        return (
            f"Strategy({len(self.path.options)} options x {len(self.scenarios)} growths x "
            f"{self.months} months; first move: {self.no_regret})"
        )

    @property
    def months(self) -> int:
        """How many months are planned."""
        return int(self.running.shape[2])

    def phase_stays(self, scenario: int = 0) -> tuple[Stay, ...]:
        """Return the article's path of a scenario as stays, in order."""
        return _stays([self.path.options[i] for i in self.phase_months[scenario]])

    def timings(self, scenario: int = 0) -> dict[tuple[str, str], Timing]:
        """Return for each pair, from and to, when the second overtakes and moving to it pays."""
        options = self.path.options
        found = {}
        for j, old in enumerate(options):
            for k, new in enumerate(options):
                if j != k:
                    a, b = self.running[scenario, j], self.running[scenario, k]
                    once = float(self.moving[scenario, j, k])
                    found[old, new] = Timing(*overtakes(a, b), pays_back(a, b, once))
        return found

    def stays(self, scenario: int = 0) -> tuple[Stay, ...]:
        """Return the best path of a scenario as stays, in order; none where nothing can serve."""
        return _stays(self.path.named(scenario))

    @property
    def no_regret(self) -> str | None:
        """The first move that loses least in the worst scenario."""
        finite = {name: loss for name, loss in self.regret.items() if np.isfinite(loss)}
        return min(finite, key=lambda name: finite[name]) if finite else None

    def plot(
        self, ax: Axes | None = None, *, scenario: str | None = None, language: str = "en"
    ) -> Axes:
        """Draw the best path of one scenario (the first, unless named); needs ``plot``."""
        return draw(self, "plot", ax, scenario=scenario, language=language)

    def to_xarray(self) -> xr.Dataset:
        """Return a Dataset over ``scenario``, ``deployment`` and ``month`` (from 1).

        ``running`` cost, ``best`` (the deployment of the least-cost path, "" where none can
        serve), ``ingress`` [TB/month], and the totals of the best path, of staying with each, and
        of the article's ``phases``.  A cost is missing where it cannot serve.
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
    """Return the least-cost path through deployments under growth, and what it is compared with.

    Costs are those of :func:`kafkatco.project`, without credits: running cost month by month,
    set-up and moving data when a deployment is entered, all with that month's inflation and
    discount.  The article's phases take the first deployment of a family; where there is none of
    it, they stay, at first with what runs now or else with the first.

    Raises
    ------
    InputError
        As :func:`kafkatco.project`, and for an unknown deployment in ``switching``.

    Examples
    --------
    >>> from kafkatco import Compound, ConfluentBasic, MskStandard
    >>> found = plan(
    ...     Workload(ingress="0.5 TB/month", fanout=1, retention="1 day"),
    ...     [ConfluentBasic(region="us-east-1"),
    ...      MskStandard(region="us-east-1", instance="kafka.m7g.large")],
    ...     PriceBook("list", as_of="2025-10-31"),
    ...     horizon=Horizon(growth=Compound(annual_rate=9.0), months=24))
    >>> [(stay.deployment, stay.first, stay.last) for stay in found.stays()]
    [('confluent-basic', 1, 13), ('msk-standard', 14, 24)]
    """
    horizon = Horizon.of("plan", horizon)
    rules = switching or Switching()
    comparison = Comparison.of("plan", workload, deployments, book, horizon.month_hours)
    _check(rules, comparison.labels)
    hours = horizon.hours(book)
    load = grown(workload, horizon.scenarios, hours)
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
        unpriced_skus={item.label: item.unpriced_skus for item in each if item.unpriced_skus},
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
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Choices:
    """What a path chooses among [currency, at the worth of now].

    ``running`` and ``setup`` have the shape ``(scenarios, options, months)``, ``stored_gib`` [GiB]
    ``(scenarios, months)``, ``per_gib``, what moving one costs, ``(months,)``.
    """

    labels: tuple[str, ...]
    running: Floats
    setup: Floats
    stored_gib: Floats
    per_gib: Floats
    rules: Switching

    def _moving(self) -> dict[str, Any]:
        """Return the arguments on moving of the functions of ``plan_search``."""
        return {
            "options": self.labels,
            "stored_gib": self.stored_gib,
            "per_gib": self.per_gib,
            "switching": self.rules,
        }

    def best(self, first: str | None = None) -> Path:
        """Return the path of least cost of each scenario, from an option if it is named."""
        return best_path(self.running, self.setup, first=first, **self._moving())

    def cost(self, months: Sequence[int]) -> Floats:
        """Return what a path, an option by month, costs in each scenario ``(scenarios,)``."""
        return path_cost(months, self.running, self.setup, **self._moving())

    def moves(self) -> Floats:
        """Return what moving in the first month costs ``(scenarios, from, to)``."""
        moved = self.stored_gib * self.per_gib
        return moves(self.running, self.setup, moved, self.labels, self.rules)

    def of(self, scenario: int) -> _Choices:
        """Return the choices of one scenario alone."""
        running, setup, stored = (
            x[[scenario]] for x in (self.running, self.setup, self.stored_gib)
        )
        return replace(self, running=running, setup=setup, stored_gib=stored)


def _choices(
    each: Sequence[Costs], load: Operands, horizon: Horizon, rules: Switching, book: PriceBook
) -> _Choices:
    """Return what options cost in each month, with its inflation and discount."""
    shape = load.ingress_mib_s.shape
    factor = horizon.price_index * horizon.present_value

    def monthly(cost: Any) -> Any:
        return np.broadcast_to(np.asarray(cost, float), shape) * factor

    unable = [np.broadcast_to(item.infeasible, shape) for item in each]
    running = [
        np.where(blocked, np.inf, monthly(item.total))
        for item, blocked in zip(each, unable, strict=True)
    ]
    return _Choices(
        labels=tuple(item.label for item in each),
        running=np.stack(running, axis=1),
        setup=np.stack([monthly(item.one_off) for item in each], axis=1),
        stored_gib=np.broadcast_to(stored_gib(load.retained_mib_s, load.retention_h), shape),
        per_gib=rules.per_gib(book) * factor,
        rules=rules,
    )


def _regret(choices: _Choices, best: Path) -> dict[str, float]:
    """Return what each first move loses at most over the scenarios that can be served."""
    served = np.isfinite(best.total)
    regret = dict.fromkeys(choices.labels, np.inf)
    if served.any():
        for label in choices.labels:
            lost = choices.best(first=label).total[served] - best.total[served]
            regret[label] = float(np.max(lost, initial=0.0))
    return regret


def _phased(ingress_tb: Floats, families: Sequence[str], start: int) -> NDArray[np.int64]:
    """Return the option of each month by the article's thresholds: ``(scenarios, months)``."""
    found = np.zeros(ingress_tb.shape, dtype=np.int64)
    for line, row in enumerate(ingress_tb):
        option = start
        for month, traffic in enumerate(row):
            family = next(name for most, name in PHASES if traffic < most)
            option = families.index(family) if family in families else option
            found[line, month] = option
    return found


def _check(rules: Switching, labels: Sequence[str]) -> None:
    named = [*rules.lead_months, *rules.committed_months]
    named += [] if rules.current is None else [rules.current]
    problems = [
        Problem("switching", repr(name), "a deployment", nearest(name, labels, limit=20))
        for name in dict.fromkeys(named)
        if name not in labels
    ]
    if problems:
        raise InputError("plan", problems)
