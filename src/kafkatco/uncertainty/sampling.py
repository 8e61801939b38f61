"""Draws of all uncertain inputs at once: scrambled Sobol points through their distributions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from kafkatco.core.optional import needing
from kafkatco.numerics.typing import Floats
from kafkatco.uncertainty.distributions import Distribution
from kafkatco.uncertainty.inputs import REPLICATES

__all__ = ["LEAST", "Sampler"]

#: Sobol points have so many binary digits; half of the last one keeps them off 0 and 1.
BITS: Final = 30
#: The least share that is drawn; the largest is one less this.
LEAST: Final = 0.5 ** (BITS + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Sampler:
    """Draws by number: any of them, in any order, on any machine, are the same.

    Draw ``k`` of replicate ``r`` is point ``k`` of the Sobol sequence as the seed ``(seed, r)``
    scrambles it; correlated inputs go through a Gaussian copula.  Source: Owen, "Randomly permuted
    (t, m, s)-nets and (t, s)-sequences" (1995), as ``scipy.stats.qmc.Sobol`` does it.

    ``lower`` is the Cholesky factor of the correlations of the inputs at ``tied``; ``extra``
    uniform numbers come with each draw beside those of the inputs, for a path of growth.
    """

    distributions: Mapping[str, Distribution]
    tied: tuple[int, ...]
    lower: Floats
    extra: int
    draws: int
    seed: int

    @property
    def each(self) -> int:
        """How many draws a replicate has."""
        return self.draws // REPLICATES

    def uniform(self, replicate: int, start: int, count: int) -> Floats:
        """Return so many points of a replicate from one on, shape ``(count, inputs + extra)``."""
        with needing("draws need", "scipy"):
            from scipy.stats import qmc
        rng = np.random.default_rng([self.seed, replicate])
        width = len(self.distributions) + self.extra
        if not width:
            return np.empty((count, 0))
        engine = qmc.Sobol(width, scramble=True, bits=BITS, rng=rng)
        if start:
            engine.fast_forward(start)
        whole = 1 << (count - 1).bit_length()  # or it warns that parts of a net are no net
        points: Floats = engine.random(whole)[:count] + LEAST
        return points

    def ranked(self, points: Floats) -> Floats:
        """Return the shares [1] at which inputs are drawn: correlated where they go together."""
        shares = points[:, : len(self.distributions)]
        if self.tied:
            with needing("draws need", "scipy"):
                from scipy.special import ndtr, ndtri

            shares = shares.copy()
            tied = list(self.tied)
            # not a matrix product, whose order of adding depends on the machine
            scores = ndtri(shares[:, tied])
            for row, weights in zip(tied, self.lower, strict=True):
                score = sum(w * scores[:, k] for k, w in enumerate(weights) if w)
                shares[:, row] = np.clip(ndtr(score), LEAST, 1.0 - LEAST)
        return shares

    def values(self, shares: Floats) -> dict[str, Floats]:
        """Return what each input is at shares of all draws, ``(count, inputs)``, by its name."""
        return {
            name: item.quantile(np.ascontiguousarray(shares[:, i]))
            for i, (name, item) in enumerate(self.distributions.items())
        }
