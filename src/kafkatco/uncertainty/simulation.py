"""Results of a simulation: costs, probabilities, risk, and the value of information."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.result import Result, about_prices, draw
from kafkatco.costing.comparison import Comparison
from kafkatco.uncertainty.build import UncertainInput
from kafkatco.uncertainty.draw_model import Model, Months
from kafkatco.uncertainty.inputs import REPLICATES, Uncertainty
from kafkatco.uncertainty.tally import STRATA, HorizonTally, Tally

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes


__all__ = ["QUANTILES", "RISK", "Choice", "Convergence", "Simulation", "summarise"]

#: The quantile levels of costs [1].
QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
#: The level of the value at risk [1].
RISK: Final = 0.95


@dataclass(frozen=True, slots=True)
class Choice:
    """The present value of one deployment for all months [currency], over all draws.

    ``cheapest`` is the share of draws in which it costs least [1], ``error`` its standard error,
    and ``feasible_share`` the share of draws in which the deployment is feasible [1].  The
    ``value_at_risk`` is the 95 % quantile, and the ``expected_shortfall`` the mean of the costs
    above it.  ``regret`` is the mean extra cost over the cheapest option of each draw, and
    ``regret_at_risk`` its 95 % quantile.  ``mean`` is of the feasible draws, and ``regret`` of
    those in which the cost is known.  ``undercuts`` is the share of draws in which the cost is a
    floor below that of the cheapest option, and of every other floor [1].
    """

    label: str
    mean: float
    quantiles: tuple[float, ...]
    cheapest: float
    error: float
    feasible_share: float
    value_at_risk: float
    expected_shortfall: float
    regret: float
    regret_at_risk: float
    undercuts: float = 0.0


@dataclass(frozen=True, slots=True)
class Convergence:
    """Results after a number of ``draws``, by option.

    ``mean`` [currency] is ``None`` for an option that is infeasible in some draw.
    """

    draws: int
    mean: tuple[float | None, ...]
    cheapest: tuple[float, ...]
    error: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Simulation(Result):
    """The result of a simulation.

    ``data`` is an xarray Dataset over ``deployment`` and ``month``, or the input that varies
    instead: ``cost`` also over ``quantile`` and the ``mean`` of feasible draws [currency], and as
    shares of draws [1] ``cheapest``, its standard ``error``, ``served``, the feasible share, and
    ``undercuts``, with a floor below the cheapest.  ``floor`` is whether a cost is a floor in any
    draw: in these draws it is never the cheapest.

    A simulation over months has results for the whole horizon: ``choices``, ``convergence``, the
    expected value of perfect information ``evpi``, and ``evppi``, that of each input alone
    [currency].

    ``unpriced_skus`` are the skus without a price, by deployment, whose costs are floors, and
    ``unchecked`` the reasons why a limit is unknown: costs are floors in some draw;
    ``blocking_skus`` are the skus that the book does not have at all: draws that need one are
    infeasible.
    """

    data: xr.Dataset
    inputs: tuple[UncertainInput, ...]
    uncertainty: Uncertainty
    choices: tuple[Choice, ...]
    evppi: Mapping[str, float]
    evpi: float | None
    convergence: tuple[Convergence, ...]
    unpriced_skus: Mapping[str, tuple[str, ...]]
    blocking_skus: Mapping[str, tuple[str, ...]]
    currency: str
    prices: Mapping[str, str]
    unchecked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return (
            f"Simulation({self.uncertainty.draws:,} draws of {len(self.inputs)} inputs; "
            f"{self.data.sizes['deployment']} deployments)"
        )

    @property
    def over(self) -> str:
        """The dimension of the results: "month", or an input."""
        return str(self.data.attrs["over"])

    @property
    def floors(self) -> frozenset[str]:
        """The deployments whose cost is a floor in some draw."""
        return frozenset([*self.unpriced_skus, *self.unchecked])

    def to_xarray(self) -> xr.Dataset:
        """Return the Dataset."""
        return self.data

    def plot(self, ax: Axes | None = None, *, language: str = "en") -> Axes:
        """Plot the probability that each option is cheapest; needs the extra ``plot``."""
        return draw(self, "plot", ax, language=language)

    def plot_fan(
        self, ax: Axes | None = None, *, deployment: str | None = None, language: str = "en"
    ) -> Axes:
        """Plot the quantiles of the cost of one deployment; needs the extra ``plot``."""
        return draw(self, "plot_fan", ax, deployment=deployment, language=language)

    def _about(self) -> dict[str, Any]:
        return about_prices(self.currency, self.prices)


def summarise(
    total: Tally,
    model: Model,
    inputs: tuple[UncertainInput, ...],
    uncertainty: Uncertainty,
    comparison: Comparison,
    about: Mapping[str, Any],
) -> Simulation:
    """Return the result of all draws; ``about`` are additional attributes of its data."""
    import xarray as xr

    labels = [program.label for program in model.programs]
    months = isinstance(model.along, Months)
    over = "month" if months else str(getattr(model.along, "name", ""))
    places = model.along.labels.astype(int) if months else model.along.labels
    shape = len(labels), places.size
    draws = uncertainty.draws
    quantiles = np.array([[sketch.quantile(q) for sketch in total.cost] for q in QUANTILES])
    chances = total.wins[:, :-1] / (draws // REPLICATES)
    mean = np.full(shape, np.nan)
    np.divide(total.sums, total.feasible, out=mean, where=total.feasible > 0)
    floors = total.floors.sum(axis=1)
    dims = ("deployment", over)
    data = xr.Dataset(
        {
            "cost": (("quantile", *dims), quantiles),
            "mean": (dims, mean),
            "cheapest": (dims, chances.mean(axis=0)),
            "error": (dims, chances.std(axis=0, ddof=1) / np.sqrt(REPLICATES)),
            "served": (dims, total.feasible / draws),
            "undercuts": (dims, total.undercuts / draws),
            "floor": (dims[:1], floors > 0),
        },
        coords={"deployment": labels, over: places, "quantile": list(QUANTILES)},
        attrs={
            "currency": comparison.book.currency,
            "over": over,
            "draws": draws,
            "seed": uncertainty.seed,
            **about,
            **comparison.book.describe(),
        },
    )
    for name in ("cost", "mean"):
        data[name].attrs["units"] = comparison.book.currency
    if not months:
        data[over].attrs["units"] = str(getattr(model.along, "unit", ""))
    choices: tuple[Choice, ...] = ()
    evppi: dict[str, float] = {}
    evpi: float | None = None
    convergence: tuple[Convergence, ...] = ()
    if total.horizon is not None:
        convergence = tuple(_convergence(total.horizon, draws))
        choices = tuple(_choices(total.horizon, labels, draws, convergence[-1]))
        evpi, evppi = _value_of_information(total.horizon, [x.name for x in inputs], draws)
    return Simulation(
        data,
        inputs,
        uncertainty,
        choices,
        evppi,
        evpi,
        convergence,
        _where(floors, {cost.label: cost.unpriced_skus for cost in model.programs}),
        {cost.label: cost.blocking_skus for cost in model.programs if cost.blocking_skus},
        comparison.book.currency,
        comparison.book.describe(),
        _where(floors, {cost.label: cost.unchecked for cost in model.programs}),
    )


def _where(floors: Any, reasons: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the reasons of the options that are floors in some draw; a program has all reasons."""
    pairs = zip(reasons.items(), floors, strict=True)
    return {label: why for (label, why), floor in pairs if floor and why}


def _choices(
    horizon: HorizonTally, labels: Sequence[str], draws: int, last: Convergence
) -> Iterable[Choice]:
    quantiles = np.array([horizon.cost.quantile(q) for q in QUANTILES]).T.tolist()
    value_at_risk = horizon.cost.quantile(RISK).tolist()
    expected_shortfall = horizon.cost.mean_above(RISK).tolist()
    regret = horizon.regret.quantile(RISK).tolist()
    for i, label in enumerate(labels):
        feasible, known = int(horizon.feasible[i]), int(horizon.known[i])
        whole = sum(part[i] for part in horizon.sums.values())
        mean = whole / feasible if feasible else np.nan
        mean_regret = horizon.regret_sum[i] / known if known else np.nan
        yield Choice(
            label,
            float(mean),
            tuple(quantiles[i]),
            last.cheapest[i],
            last.error[i],
            feasible / draws,
            value_at_risk[i],
            expected_shortfall[i],
            float(mean_regret),
            regret[i],
            int(horizon.undercuts[i]) / draws,
        )


def _convergence(horizon: HorizonTally, draws: int) -> Iterable[Convergence]:
    """Yield the results of all replicates up to each power of two."""
    sums: Any = 0.0
    wins: Any = 0
    always = horizon.feasible == draws
    for end in sorted({end for _, end in horizon.sums}):
        sums = sums + np.array([horizon.sums[r, end] for r in range(REPLICATES)])
        wins = wins + np.array([horizon.wins[r, end] for r in range(REPLICATES)])
        count = wins.sum(axis=1)[0]
        chances = wins[:, :-1] / count
        error = chances.std(axis=0, ddof=1) / np.sqrt(REPLICATES)
        means = (sums / count).mean(axis=0)
        yield Convergence(
            int(count * REPLICATES),
            tuple(float(x) if y else None for x, y in zip(means, always, strict=True)),
            tuple(chances.mean(axis=0).tolist()),
            tuple(error.tolist()),
        )


def _value_of_information(
    horizon: HorizonTally, names: Sequence[str], draws: int
) -> tuple[float | None, dict[str, float]]:
    """Return the EVPI, and the EVPPI of each input [currency].

    Without information, the choice is among the options of known cost that are feasible in every
    draw; with the stratum of an input known, in every draw of the stratum.  One half
    of the replicates chooses and the other half pays, so that noise does not count as information.
    Source: Strong, Oakley and Brennan, "Estimating multiparameter partial expected value of perfect
    information" (2014), here with strata in place of the regression.
    """
    always = horizon.known == draws
    if not always.any():
        return None, {}
    whole = np.sum([*horizon.sums.values()], axis=0)[always]
    best = float(whole.min()) / draws
    evpi = max(best - horizon.least / draws, 0.0)
    evppi = {}
    # a replicate of 2^k draws has one draw in each of 2^k strata
    count = min(STRATA, 1 << (draws // REPLICATES).bit_length() - 1)
    for i, name in enumerate(names):
        informed, uninformed, counted = 0.0, 0.0, 0
        for half in (0, 1):
            strata = horizon.strata[:, i].reshape(2, count, -1, always.size).sum(axis=2)
            sizes = horizon.sizes[half, i].reshape(count, -1).sum(axis=1)
            choosing, paying = strata[half], strata[1 - half]
            default = int(np.argmin(np.where(always, choosing.sum(axis=0), np.inf)))
            best_there = np.argmin(np.where(np.isfinite(paying), choosing, np.inf), axis=1)
            # correlated inputs may leave a stratum of one half empty: keep the default there
            chosen = np.where(sizes > 0, best_there, default)
            informed += float(np.take_along_axis(paying, chosen[:, None], axis=1).sum())
            uninformed += float(paying.sum(axis=0)[default])
            counted += int(horizon.sizes[1 - half, i].sum())
        evppi[name] = min(max((uninformed - informed) / counted, 0.0), evpi)
    return evpi, dict(sorted(evppi.items(), key=lambda pair: -pair[1]))
