"""The scenario: a workload, deployments and prices, from a file that a user keeps in git."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kafkatco.analysis.assumption_comparison import AssumptionComparison, compare_assumptions
from kafkatco.analysis.crossovers import Crossovers, crossovers
from kafkatco.analysis.decision_map import DecisionMap, decision_map
from kafkatco.analysis.lever_settings import Targets
from kafkatco.analysis.levers import Levers, Tuned, levers, tuned
from kafkatco.analysis.placement import Part, Placement, place
from kafkatco.analysis.profile import Profile
from kafkatco.analysis.recommend import Recommendation, recommend
from kafkatco.analysis.sensitivity import (
    INPUTS,
    SwitchingValues,
    Tornado,
    switching_values,
    tornado,
)
from kafkatco.analysis.solve import Solution, solve_for
from kafkatco.costing.bill import Bills, bill
from kafkatco.costing.comparison import operands_of
from kafkatco.costing.own_prices import unused_overrides
from kafkatco.deployments import Deployment
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import _
from kafkatco.planning.growth import Growth
from kafkatco.planning.horizon import Horizon
from kafkatco.planning.plan import Strategy, plan
from kafkatco.planning.projection import Projection, project
from kafkatco.planning.switching_costs import Switching
from kafkatco.prices import Catalogue, PriceBook
from kafkatco.prices.age import PricesRead
from kafkatco.prices.assumptions import SETS
from kafkatco.scenario.load import SCENARIOS, read_file, read_sections
from kafkatco.scenario.needs_price import NeedsPrice, priced_parts, priced_rules
from kafkatco.scenario.sections import ProjectionSettings
from kafkatco.sizing.workload import Conventions, Operands, Workload, hours_of_month
from kafkatco.uncertainty.break_even import BreakEven, break_even
from kafkatco.uncertainty.inputs import Uncertainty
from kafkatco.uncertainty.simulate import simulate
from kafkatco.uncertainty.simulation import Simulation
from kafkatco.uncertainty.sobol_indices import Importance, importance

__all__ = ["SCENARIOS", "Scenario"]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A workload, the deployments to compare, the prices, and the growth of traffic.

    ``deployments`` are those with a bill; ``needs_price`` are those that have none before the user
    sets prices of their own, which are left out of every answer.

    Examples
    --------
    >>> scenario = Scenario.load()  # the article's scenario
    >>> [round(bill.total) for bill in scenario.bills()]
    [5300000, 3212850, 1055736]
    """

    source: str
    workload: Workload
    conventions: Conventions
    book: PriceBook
    catalogue: Catalogue
    deployments: tuple[Deployment, ...]
    growth: tuple[Growth, ...]
    projection: ProjectionSettings
    profile: Profile
    switching: Switching
    parts: tuple[Part, ...]
    uncertainty: Uncertainty
    needs_price: tuple[NeedsPrice, ...] = ()
    targets: Targets = field(default_factory=Targets)

    @classmethod
    def load(cls, path: str | Path | None = None, *, strict: bool = False) -> Scenario:
        """Read a scenario file, or a scenario of the package by name, such as "every-kind".

        Without a path, it is the article's scenario.

        Raises :class:`~kafkatco.errors.InputError` with every problem of the file.  A deployment
        without a price is one if ``strict``, and if no other deployment has a price.
        """
        data, folder = read_file(path)
        source = _("the article's scenario") if path is None else str(path)
        return cls.from_dict(data, source=source, folder=folder, strict=strict)

    @classmethod
    def from_dict(
        cls,
        data: dict[str, Any],
        *,
        source: str = "scenario",
        folder: Path | None = None,
        strict: bool = False,
    ) -> Scenario:
        """Build a scenario from the content of a file; paths are relative to ``folder``.

        Raises :class:`~kafkatco.errors.InputError` as :meth:`load`.
        """
        return cls(source, *read_sections(data, source, folder, strict=strict))

    @property
    def month_hours(self) -> float:
        """The hours of the billing month [h]."""
        return hours_of_month(self.conventions.month_hours, self.book.as_of)

    @property
    def operands(self) -> Operands:
        """The workload in base units."""
        return operands_of(self.workload, self.book, self.month_hours)

    @property
    def unused_overrides(self) -> Mapping[str, str]:
        """The prices of ``[prices.override]`` that no deployment bills, each with a note."""
        return unused_overrides(self.operands, self.deployments, self.book)

    @property
    def prices_read(self) -> PricesRead | None:
        """When the prices behind the scenario's bills were read; ``None`` if all are your own."""
        return PricesRead.of(row for bill in self.bills() for row in bill.sources())

    def bills(self) -> Bills:
        """Return the month's bill of each deployment."""
        return bill(
            self.workload, self.deployments, self.book, month_hours=self.conventions.month_hours
        )

    def compare_assumptions(
        self, sets: Sequence[str] = SETS, **options: Any
    ) -> AssumptionComparison:
        """Return the bills under several sets: see :func:`kafkatco.compare_assumptions`."""
        return compare_assumptions(
            self.workload,
            self.deployments,
            self.book,
            sets=sets,
            month_hours=self.conventions.month_hours,
            **options,
        )

    @property
    def horizon(self) -> Horizon:
        """The horizon: growth, months, rates and the hours of a month."""
        month_hours = self.conventions.month_hours
        return Horizon(growth=self.growth, month_hours=month_hours, **dict(self.projection))

    def project(self) -> Projection:
        """Project the cost of every deployment over the scenario's growth and months."""
        return project(self.workload, self.deployments, self.book, horizon=self.horizon)

    def crossovers(
        self,
        *,
        over: str = "ingress",
        start: str | float | None = None,
        stop: str | float | None = None,
    ) -> Crossovers:
        """Return all crossings along one input: see :func:`kafkatco.crossovers`."""
        return crossovers(
            self.workload,
            self.deployments,
            self.book,
            over=over,
            start=start,
            stop=stop,
            month_hours=self.conventions.month_hours,
        )

    def plan(self) -> Strategy:
        """Plan the scenario's growth and months: see :func:`kafkatco.plan`.

        Raises :class:`~kafkatco.errors.InputError` if the current deployment needs a price.
        """
        return plan(
            self.workload,
            self.deployments,
            self.book,
            horizon=self.horizon,
            switching=priced_rules(self.switching, self.needs_price),
        )

    def place(self) -> Placement:
        """Return the least-cost placement of each ``[[part]]``: see :func:`kafkatco.place`.

        Raises :class:`~kafkatco.errors.InputError` if the scenario has no ``[[part]]``, or if each
        deployment that may run one needs a price.
        """
        if not self.parts:
            text = _("{file} has no [[part]] section; place needs at least one", file=self.source)
            example = '[[part]], name = "core", share = 0.8'
            hint = _("Example, one line each: {example}", example=example)
            raise InputError("", [Problem("", "", text, hint)])
        return place(
            self.workload,
            self.deployments,
            self.book,
            priced_parts(self.parts, self.needs_price),
            month_hours=self.conventions.month_hours,
        )

    def solve_for(
        self,
        mine: str,
        other: str,
        *,
        over: str,
        saving: float = 0.0,
        at: str | None = None,
        start: str | float | None = None,
        stop: str | float | None = None,
    ) -> Solution:
        """Return the values of an input for a saving: see :func:`kafkatco.solve_for`."""
        return solve_for(
            self.workload,
            self.deployments,
            self.book,
            mine,
            other,
            over=over,
            saving=saving,
            at=at,
            start=start,
            stop=stop,
            month_hours=self.conventions.month_hours,
        )

    def switching_values(self, inputs: Sequence[str] = INPUTS, **options: Any) -> SwitchingValues:
        """Return the inputs that change the winner: see :func:`kafkatco.switching_values`."""
        return switching_values(
            self.workload,
            self.deployments,
            self.book,
            inputs=inputs,
            month_hours=self.conventions.month_hours,
            **options,
        )

    def tornado(self, mine: str, other: str, *, change: float = 0.2, **options: Any) -> Tornado:
        """Return the inputs that move a break-even: see :func:`kafkatco.tornado`."""
        return tornado(
            self.workload,
            self.deployments,
            self.book,
            mine,
            other,
            change=change,
            month_hours=self.conventions.month_hours,
            **options,
        )

    def decision_map(self, **options: Any) -> DecisionMap:
        """Return the cheapest option over two inputs: see :func:`kafkatco.decision_map`."""
        return decision_map(
            self.workload,
            self.deployments,
            self.book,
            month_hours=self.conventions.month_hours,
            **options,
        )

    def recommend(self, **changes: Any) -> Recommendation:
        """Recommend an option: see :func:`kafkatco.recommend`.

        ``changes`` replace fields of the scenario's ``[profile]``.

        Raises :class:`~kafkatco.errors.InputError` for an unknown or invalid profile field.
        """
        profile = self.profile.replace(**changes)
        return recommend(
            self.workload,
            self.deployments,
            self.book,
            profile,
            month_hours=self.conventions.month_hours,
        )

    def levers(self, **options: Any) -> Levers:
        """Return what would make each option cheaper: see :func:`kafkatco.levers`.

        The targets are those of the section ``[levers]``.
        """
        return levers(
            self.workload,
            self.deployments,
            self.book,
            targets=self.targets,
            month_hours=self.conventions.month_hours,
            **options,
        )

    def tuned(self, **options: Any) -> Tuned:
        """Return each option as written and at its best: see :func:`kafkatco.tuned`.

        The targets are those of the section ``[levers]``.
        """
        return tuned(
            self.workload,
            self.deployments,
            self.book,
            targets=self.targets,
            month_hours=self.conventions.month_hours,
            **options,
        )

    def simulate(
        self,
        *,
        growth: str | None = None,
        draws: int | None = None,
        seed: int | None = None,
        **options: Any,
    ) -> Simulation:
        """Return the range of costs, and the probability that each option is cheapest.

        ``growth`` is the name of a growth model, by default the first; ``draws`` and ``seed``
        replace those of ``[uncertainty]``; ``options`` are those of :func:`kafkatco.simulate`.
        """
        return simulate(
            self.workload,
            self.deployments,
            self.book,
            uncertainty=self._uncertain(draws, seed),
            horizon=self.horizon.choose("scenario", growth),
            **options,
        )

    def break_even(
        self,
        mine: str,
        other: str,
        *,
        draws: int | None = None,
        seed: int | None = None,
        **options: Any,
    ) -> BreakEven:
        """Return the range of a break-even: see :func:`kafkatco.break_even`."""
        return break_even(
            self.workload,
            self.deployments,
            self.book,
            mine,
            other,
            uncertainty=self._uncertain(draws, seed),
            month_hours=self.conventions.month_hours,
            **options,
        )

    def importance(
        self,
        *,
        growth: str | None = None,
        draws: int | None = None,
        seed: int | None = None,
        **options: Any,
    ) -> Importance:
        """Return the importance of uncertain inputs: see :func:`kafkatco.importance`."""
        return importance(
            self.workload,
            self.deployments,
            self.book,
            uncertainty=self._uncertain(draws, seed),
            horizon=self.horizon.choose("scenario", growth),
            **options,
        )

    def _uncertain(self, draws: int | None, seed: int | None) -> Uncertainty:
        options = {"draws": draws, "seed": seed}
        changes = {name: value for name, value in options.items() if value is not None}
        return self.uncertainty.replace(**changes)
