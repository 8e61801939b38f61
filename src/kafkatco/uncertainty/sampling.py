"""Draws of all uncertain inputs: scrambled Sobol points through their distributions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from kafkatco.core.optional import needing
from kafkatco.i18n.message import _
from kafkatco.numerics.typing import Floats
from kafkatco.uncertainty.distributions import Distribution
from kafkatco.uncertainty.inputs import REPLICATES

__all__ = ["LEAST", "Sampler"]

#: Binary digits of a Sobol point; half of the last digit keeps points off 0 and 1.
BITS: Final = 30
#: The least share that is drawn [1]; the largest is 1 minus this.
LEAST: Final = 0.5 ** (BITS + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Sampler:
    """Draws by number, the same in any order and on any machine.

    Draw ``k`` of replicate ``r`` is point ``k`` of the Sobol sequence, scrambled with the seed
    ``(seed, r)``; correlated inputs go through a Gaussian copula.  Source: Owen, "Randomly permuted
    (t, m, s)-nets and (t, s)-sequences" (1995), as implemented in ``scipy.stats.qmc.Sobol``.

    ``correlated`` are the indices of the correlated inputs, ``cholesky`` the Cholesky factor of
    their correlation matrix.  Each draw has ``extra`` more uniform numbers, for a path of growth.
    """

    distributions: Mapping[str, Distribution]
    correlated: tuple[int, ...]
    cholesky: Floats
    extra: int
    draws: int
    seed: int

    @property
    def replicate_draws(self) -> int:
        """The number of draws of a replicate."""
        return self.draws // REPLICATES

    def uniform(self, replicate: int, start: int, count: int) -> Floats:
        """Return points of a replicate from ``start`` on, shape ``(count, inputs + extra)``."""
        with needing(_("simulations need"), "scipy"):
            from scipy.stats import qmc
        rng = np.random.default_rng([self.seed, replicate])
        width = len(self.distributions) + self.extra
        if not width:
            return np.empty((count, 0))
        engine = qmc.Sobol(width, scramble=True, bits=BITS, rng=rng)
        if start:
            engine.fast_forward(start)
        whole = 1 << (count - 1).bit_length()  # SciPy warns unless it is a power of two
        points: Floats = engine.random(whole)[:count] + LEAST
        return points

    def shares(self, points: Floats) -> Floats:
        """Return the quantile levels [1] of the inputs, with their correlations."""
        shares = points[:, : len(self.distributions)]
        if self.correlated:
            with needing(_("simulations need"), "scipy"):
                from scipy.special import ndtr, ndtri

            shares = shares.copy()
            columns = list(self.correlated)
            # not a matrix product, whose order of summation depends on the machine
            scores = ndtri(shares[:, columns])
            for column, weights in zip(columns, self.cholesky, strict=True):
                score = sum(w * scores[:, k] for k, w in enumerate(weights) if w)
                shares[:, column] = np.clip(ndtr(score), LEAST, 1.0 - LEAST)
        return shares

    def values(self, shares: Floats) -> dict[str, Floats]:
        """Return the values of each input at quantile levels ``(count, inputs)``, by name."""
        return {
            name: distribution.quantile(np.ascontiguousarray(shares[:, i]))
            for i, (name, distribution) in enumerate(self.distributions.items())
        }
