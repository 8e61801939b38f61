"""What came of draws: costs and probabilities, the risk of each choice, what knowing is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kafkatco.core.result import Result, about_prices, draw
from kafkatco.costing.comparison import Comparison
from kafkatco.uncertainty.build import Drawn
from kafkatco.uncertainty.draw_model import Model, Months
from kafkatco.uncertainty.inputs import REPLICATES, Uncertainty
from kafkatco.uncertainty.tally import STRATA, Horizon, Tally

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes


__all__ = ["QUANTILES", "RISK", "Choice", "Settled", "Simulation", "simulation"]

#: The shares of draws below which costs are told [1].
QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
#: The share of draws that value at risk is not exceeded in [1].
RISK: Final = 0.95


@dataclass(frozen=True, slots=True)
class Choice:
    """What it means to choose a deployment for all months [currency, at the worth of now].

    ``cheapest`` and ``served`` are shares of draws [1]; ``error`` is the standard error of the
    first.  ``at_risk`` is not exceeded in 95 % of draws, ``beyond`` the mean of those in which it
    is.  ``regret`` is what it costs more than the cheapest of each draw, on average and
    ``regret_at_risk`` as ``at_risk``.  ``mean`` and ``regret`` are of the draws that it can serve.
    """

    label: str
    mean: float
    quantiles: tuple[float, ...]
    cheapest: float
    error: float
    served: float
    at_risk: float
    beyond: float
    regret: float
    regret_at_risk: float


@dataclass(frozen=True, slots=True)
class Settled:
    """Results after so many draws, by option: how they settle.

    ``mean`` [currency] is ``None`` for an option that cannot serve in all of them.
    """

    draws: int
    mean: tuple[float | None, ...]
    cheapest: tuple[float, ...]
    error: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Simulation(Result):
    """What draws of uncertain inputs came to.

    ``data`` is an xarray Dataset over ``deployment`` and ``month``, or the input that was looked
    along, with ``cost`` also over ``quantile`` [currency], ``mean`` of the draws that can be
    served, and ``cheapest``, its standard ``error`` and ``served`` as shares of draws [1].

    ``choices``, ``information`` (what knowing each input beforehand would save on average, and
    ``everything``) and ``settling`` are of the whole horizon, where it is over months.

    ``unpriced_skus`` are skus without a price, by deployment, whose costs are floors;
    ``blocking_skus`` are those that the book does not have at all: draws that need one are
    infeasible.
    """

    data: xr.Dataset
    inputs: tuple[Drawn, ...]
    uncertainty: Uncertainty
    choices: tuple[Choice, ...]
    information: Mapping[str, float]
    everything: float | None
    settling: tuple[Settled, ...]
    unpriced_skus: Mapping[str, tuple[str, ...]]
    blocking_skus: Mapping[str, tuple[str, ...]]
    currency: str
    prices: Mapping[str, str]

    def __repr__(self) -> str:
        return (
            f"Simulation({self.uncertainty.draws:,} draws of {len(self.inputs)} inputs; "
            f"{self.data.sizes['deployment']} deployments)"
        )

    @property
    def over(self) -> str:
        """What results are told along: "month", or an input."""
        return str(self.data.attrs["over"])

    def to_xarray(self) -> xr.Dataset:
        """Return the Dataset."""
        return self.data

    def plot(self, ax: Axes | None = None, *, language: str = "en") -> Axes:
        """Draw how likely each option is the cheapest; needs the extra ``plot``."""
        return draw(self, "plot", ax, language=language)

    def plot_fan(
        self, ax: Axes | None = None, *, deployment: str | None = None, language: str = "en"
    ) -> Axes:
        """Draw the quantiles of what one deployment costs; needs the extra ``plot``."""
        return draw(self, "plot_fan", ax, deployment=deployment, language=language)

    def _about(self) -> dict[str, Any]:
        return about_prices(self.currency, self.prices)


def simulation(
    total: Tally,
    model: Model,
    inputs: tuple[Drawn, ...],
    uncertainty: Uncertainty,
    comparison: Comparison,
    about: Mapping[str, Any],
) -> Simulation:
    """Return the result of all draws; ``about`` are further attributes of its data."""
    import xarray as xr

    labels = [item.label for item in model.formulas]
    months = isinstance(model.along, Months)
    over = "month" if months else str(getattr(model.along, "name", ""))
    where = model.along.labels.astype(int) if months else model.along.labels
    shape = len(labels), where.size
    draws = uncertainty.draws
    quantiles = np.array([[item.quantile(q) for item in total.cost] for q in QUANTILES])
    chances = total.wins[:, :-1] / (draws // REPLICATES)
    mean = np.divide(total.sums, total.served, out=np.full(shape, np.nan), where=total.served > 0)
    dims = ("deployment", over)
    data = xr.Dataset(
        {
            "cost": (("quantile", *dims), quantiles),
            "mean": (dims, mean),
            "cheapest": (dims, chances.mean(axis=0)),
            "error": (dims, chances.std(axis=0, ddof=1) / np.sqrt(REPLICATES)),
            "served": (dims, total.served / draws),
            "floor": (dims[:1], [bool(item.unpriced_skus) for item in model.formulas]),
        },
        coords={"deployment": labels, over: where, "quantile": list(QUANTILES)},
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
    information: dict[str, float] = {}
    everything: float | None = None
    settling: tuple[Settled, ...] = ()
    if total.horizon is not None:
        choices = tuple(_choices(total.horizon, labels, draws))
        settling = tuple(_settling(total.horizon, draws))
        everything, information = _information(total.horizon, [x.name for x in inputs], draws)
    return Simulation(
        data,
        inputs,
        uncertainty,
        choices,
        information,
        everything,
        settling,
        {item.label: item.unpriced_skus for item in model.formulas if item.unpriced_skus},
        {item.label: item.blocking_skus for item in model.formulas if item.blocking_skus},
        comparison.book.currency,
        comparison.book.describe(),
    )


def _choices(horizon: Horizon, labels: Sequence[str], draws: int) -> Iterable[Choice]:
    settled = [*_settling(horizon, draws)][-1]
    quantiles = np.array([horizon.cost.quantile(q) for q in QUANTILES]).T.tolist()
    at_risk, beyond = horizon.cost.quantile(RISK).tolist(), horizon.cost.mean_above(RISK).tolist()
    regret = horizon.regret.quantile(RISK).tolist()
    for i, label in enumerate(labels):
        served = int(horizon.served[i])
        sums = sum(part[i] for part in horizon.sums.values()), horizon.regret_sum[i]
        mean, more = (x / served if served else np.nan for x in sums)
        yield Choice(
            label,
            float(mean),
            tuple(quantiles[i]),
            settled.cheapest[i],
            settled.error[i],
            served / draws,
            at_risk[i],
            beyond[i],
            float(more),
            regret[i],
        )


def _settling(horizon: Horizon, draws: int) -> Iterable[Settled]:
    """Yield what all replicates had come to by each power of two."""
    sums: Any = 0.0
    wins: Any = 0
    always = horizon.served == draws
    for end in sorted({end for _, end in horizon.sums}):
        sums = sums + np.array([horizon.sums[r, end] for r in range(REPLICATES)])
        wins = wins + np.array([horizon.wins[r, end] for r in range(REPLICATES)])
        each = wins.sum(axis=1)[0]
        chances = wins[:, :-1] / each
        error = chances.std(axis=0, ddof=1) / np.sqrt(REPLICATES)
        each_mean = (sums / each).mean(axis=0)
        means = [float(x) if y else None for x, y in zip(each_mean, always, strict=True)]
        yield Settled(
            int(each * REPLICATES),
            tuple(means),
            tuple(chances.mean(axis=0).tolist()),
            tuple(error.tolist()),
        )


def _information(
    horizon: Horizon, names: Sequence[str], draws: int
) -> tuple[float | None, dict[str, float]]:
    """Return what knowing everything, and each input, would save on average [currency].

    Who knows nothing chooses among the options that can serve in every draw; who knows a part of an
    input's draws, among those that can in every draw of that part.  What one would choose there is
    chosen by one half of the replicates and paid by the other, so that chance does not look like
    knowledge.  Source: Strong, Oakley and Brennan, "Estimating multiparameter partial
    expected value of perfect information" (2014), here with strata for the regression.
    """
    able = horizon.served == draws
    if not able.any():
        return None, {}
    whole = np.sum([*horizon.sums.values()], axis=0)[able]
    best = float(whole.min()) / draws
    everything = max(best - horizon.least / draws, 0.0)
    saved = {}
    # a replicate of a power of two has a draw in each of as many parts
    count = min(STRATA, 1 << (draws // REPLICATES).bit_length() - 1)
    for i, name in enumerate(names):
        paid, blind, drawn = 0.0, 0.0, 0
        for half in (0, 1):
            parts = horizon.strata[:, i].reshape(2, count, -1, able.size).sum(axis=2)
            sizes = horizon.sizes[half, i].reshape(count, -1).sum(axis=1)
            mine, other = parts[half], parts[1 - half]
            anyway = int(np.argmin(np.where(able, mine.sum(axis=0), np.inf)))
            best_there = np.argmin(np.where(np.isfinite(other), mine, np.inf), axis=1)
            # correlated inputs may leave a part of one half empty: it teaches nothing
            chosen = np.where(sizes > 0, best_there, anyway)
            paid += float(np.take_along_axis(other, chosen[:, None], axis=1).sum())
            blind += float(other.sum(axis=0)[anyway])
            drawn += int(horizon.sizes[1 - half, i].sum())
        saved[name] = min(max((blind - paid) / drawn, 0.0), everything)
    return everything, dict(sorted(saved.items(), key=lambda item: -item[1]))
