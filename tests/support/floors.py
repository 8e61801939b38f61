"""Test deployments of a given cost, whose cost is a floor above some traffic or everywhere."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np

from kafkatco.core.money import parse_price
from kafkatco.deployments.base import Deployment
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.quantities import Candidate, Limit, Meter, Sizing
from kafkatco.sizing.workload import Operands

#: A sku of the article's book that has no price there.
UNPRICED = "aws.msk.storage"
REASON = "partitions: limit unknown"
#: The highest traffic that the test deployments handle [MiB/s].
MOST = 1000.0


class Fixed(Deployment):
    """A deployment of ``monthly`` and of ``per_mib_s`` x traffic [currency of the book/month].

    Above ``known_to`` [MiB/s] a limit is unknown.  With ``otherwise``, a second candidate of that
    monthly cost has known limits.
    """

    kind: Literal["fixed"] = "fixed"
    region: str = "any"
    monthly: float
    per_mib_s: float = 0.0
    known_to: float = np.inf
    otherwise: float | None = None
    unpriced: bool = False

    sku_prefix: ClassVar[str] = "test."

    def candidates(self, load: Operands, catalogue: Catalogue) -> tuple[Candidate, ...]:
        """Return the candidate of unknown limits, and the other one if there is one."""
        x = load.ingress_mib_s
        unknown = (Limit(x > self.known_to, REASON),) if self.known_to < np.inf else ()
        costs: list[tuple[Any, tuple[Limit, ...]]] = [(self.monthly + self.per_mib_s * x, unknown)]
        if self.otherwise is not None:
            costs.append((self.otherwise, ()))
        return tuple(
            Candidate(
                f"type {i}",
                (*self._meters(cost, load),),
                Sizing("clusters", 1.0),
                (Limit(x > MOST, "too much traffic"),),
                limits,
            )
            for i, (cost, limits) in enumerate(costs)
        )

    def _meters(self, cost: Any, load: Operands) -> list[Meter]:
        price = parse_price("1 KRW/month")
        meters = [Meter("platform", "test.fee", "any", cost, "month", price=price)]
        if self.unpriced:
            gib = load.ingress_mib_s * 3600.0
            meters.append(Meter("storage", UNPRICED, "ap-northeast-2", gib, "GiB-month"))
        return meters
