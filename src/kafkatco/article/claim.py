"""What a claim of the article is, and what all claims are tested with."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np

from kafkatco.analysis.crossovers import Crossovers
from kafkatco.article.scenario import LIST_REGIONS, article, at_list, names
from kafkatco.core.result import Results
from kafkatco.costing.bill import Bill
from kafkatco.numerics.crossings import envelope
from kafkatco.numerics.curve import Curve
from kafkatco.numerics.tolerance import SAME
from kafkatco.planning.phases import LARGE_TB
from kafkatco.prices import PriceBook
from kafkatco.scenario.scenario import Scenario

__all__ = [
    "Case",
    "Cases",
    "Claim",
    "Claims",
    "Stretches",
    "Verdict",
    "about",
    "by_share",
    "cases",
    "stretches",
    "where",
    "won",
]

Verdict = Literal["holds", "holds only if", "does not hold"]

#: A figure that the article calls "about" holds within this share of it.
ABOUT: Final = 0.10
#: The widest fan-out that is tried as a condition.
MOST_READERS: Final = 200.0


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim: what the article states, what comes out, and whether that agrees.

    ``own`` is computed from the article's own inputs, ``listed`` from list prices by region.
    ``numbers`` holds the values behind the texts, for programs.
    """

    key: str
    stated: str
    own: str
    listed: dict[str, str]
    verdict: Verdict
    because: str
    numbers: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Case:
    """The article's scenario at one set of prices: its own clusters, and clusters sized anew."""

    scenario: Scenario
    sized: Scenario
    volume: Crossovers  #: of the sized scenario, over traffic
    fanout: Crossovers  #: of the sized scenario at ``LARGE_TB``, over the fan-out

    @classmethod
    def of(cls, scenario: Scenario, sized: Scenario) -> Case:
        """Sweep the sized scenario, once for all claims."""
        workload = sized.workload.replace(ingress=f"{LARGE_TB:g} TB/month")
        at = replace(sized, workload=workload)
        readers = at.crossovers(over="fanout", start=0, stop=MOST_READERS)
        return cls(scenario, sized, sized.crossovers(), readers)

    @property
    def alone(self) -> Stretches:
        """Where self-hosting can serve and neither rival can."""
        able, *others = (self.volume.curves[name].infeasible for name in self.options)
        nobody = np.minimum(*others)
        return where(nobody * (1.0 - able))

    @property
    def options(self) -> tuple[str, str, str]:
        """The names of the self-hosted, MSK and Confluent options."""
        return names(self.sized)

    def bill(self, which: int) -> Bill:
        """Return a bill of the article's own cluster: 0 self-hosted, 1 MSK, 2 Confluent."""
        return self.scenario.bills()[which]

    def cost(self, which: int, component: str) -> float:
        """Return what one component of a bill costs."""
        lines = self.bill(which).lines
        return sum(float(line.cost or 0) for line in lines if line.component == component)


Cases = dict[str, Case]
#: The case that is computed from the article's own inputs; the others are list price regions.
OWN: Final = "article"
#: The list prices that verdicts go by: the article's own country.
FIRST: Final = LIST_REGIONS[0]


def cases(list_book: PriceBook | None = None) -> Cases:
    """Return the article's scenario at its own figures and at list prices, by name.

    ``list_book`` has the list prices, in won; without it they are those of the article's date.
    """
    own = article()
    listed = {
        region: [at_list(own, region, sized=sized, book=list_book) for sized in (False, True)]
        for region in LIST_REGIONS
    }
    return {OWN: Case.of(own, own)} | {region: Case.of(*pair) for region, pair in listed.items()}


def about(value: float, stated: float) -> bool:
    """Return whether ``value`` is what the article would call about ``stated``."""
    return abs(value - stated) <= ABOUT * abs(stated)


Stretches = list[tuple[float, float]]


def won(found: Crossovers, name: str, rivals: Sequence[str]) -> Stretches:
    """Return where ``name`` costs least of ``rivals`` and itself, in the axis's unit.

    Only stretches count on which it and at least one of the rivals can serve.
    """
    alone = found.curves[rivals[0]].infeasible
    for label in rivals[1:]:
        alone = np.minimum(alone, found.curves[label].infeasible)
    out = np.maximum(found.curves[name].infeasible, alone)
    parts = envelope(
        {label: found.curves[label].total for label in (name, *rivals)},
        {label: np.maximum(found.curves[label].infeasible, out) for label in (name, *rivals)},
    )
    return [(part.start, part.stop) for part in parts if part.winner == name]


def by_share(share: float) -> Verdict:
    """Return the verdict on a claim about a band of which a ``share`` bears it out."""
    return "holds" if share > 1 - SAME else "holds only if" if share > 0 else "does not hold"


def where(truth: Curve) -> Stretches:
    """Return the stretches on which a curve of truth holds."""
    parts = envelope({"yes": 1.0 - truth, "no": Curve.constant(0.5, truth)}, {})
    return [(part.start, part.stop) for part in parts if part.winner == "yes"]


def stretches(
    found: Stretches, unit: str = "", *, lead: str = "at ", most: float = math.inf
) -> str:
    """Return stretches as text; one that ends at ``most``, where the search ended, is open.

    >>> stretches([(1.0, 2.0), (3.0, 4.0)], "TB"), stretches([])
    ('at 1 to 2, 3 to 4 TB', 'nowhere')
    """
    text = ", ".join(
        f"{low:,.4g} to {high:,.4g}" if high < most * (1 - SAME) else f"{low:,.4g} and more"
        for low, high in found
    )
    return f"{lead}{text} {unit}".rstrip() if text else "nowhere"


@dataclass(frozen=True, slots=True, repr=False)
class Claims(Results[Claim]):
    """All claims, in the article's order: a sequence."""

    items: tuple[Claim, ...]

    def __repr__(self) -> str:
        verdicts = Counter(claim.verdict for claim in self)
        return f"Claims({', '.join(f'{count} {verdict}' for verdict, count in verdicts.items())})"
