"""What a claim of the article is, and what all claims are tested with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np

from kafkatco.article import LIST_REGIONS, article, at_list, names
from kafkatco.billing import Bill
from kafkatco.crossover import Interval, envelope
from kafkatco.curve import Curve
from kafkatco.scenario import Scenario
from kafkatco.sweep import Crossovers
from kafkatco.tables import Table

__all__ = [
    "Case", "Cases", "Claim", "Stretches", "Verdict", "about", "cases", "claims_table",
    "stretches", "sweep", "where", "won",
]  # fmt: skip

Verdict = Literal["holds", "holds only if", "does not hold"]

#: A figure that the article calls "about" holds within this share of it.
ABOUT: Final = 0.10


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

    @classmethod
    def of(cls, scenario: Scenario, sized: Scenario) -> Case:
        """Sweep the sized scenario over traffic, once for all claims."""
        return cls(scenario, sized, sweep(sized))

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


def sweep(scenario: Scenario, *, ingress: str = "", **over: Any) -> Crossovers:
    """Return the crossovers of a scenario, at another traffic if one is given."""
    if ingress:
        scenario = replace(scenario, workload=scenario.workload.with_ingress(ingress))
    return scenario.crossovers(**over)


Cases = dict[str, Case]
#: The case that is computed from the article's own inputs; the others are list price regions.
OWN: Final = "article"
#: The list prices that verdicts go by: the article's own country.
FIRST: Final = LIST_REGIONS[0]


def cases() -> Cases:
    """Return the article's scenario at its own figures and at list prices, by name."""
    own = article()
    return {
        OWN: Case.of(own, own),
        **{
            region: Case.of(at_list(own, region, sized=False), at_list(own, region, sized=True))
            for region in LIST_REGIONS
        },
    }


def about(value: float, stated: float) -> bool:
    """Return whether ``value`` is what the article would call about ``stated``."""
    return abs(value - stated) <= ABOUT * abs(stated)


Stretches = list[tuple[float, float]]


def won(found: Crossovers, name: str, rivals: Iterable[str] | None = None) -> Stretches:
    """Return where ``name`` is cheapest of all, or of ``rivals``, in the axis's unit.

    Against rivals only stretches count on which one of them can serve.
    """
    parts: Iterable[Interval] = found.intervals
    if rivals is not None:
        shown = {label: found.curves[label] for label in (name, *rivals)}
        blocked = {label: item.infeasible for label, item in shown.items()}
        everyone = blocked[name]
        for label in rivals:
            everyone = np.maximum(everyone, blocked[label])
        totals: dict[str, Any] = {
            label: np.where(everyone, np.inf, item.total) for label, item in shown.items()
        }
        parts = envelope(totals, {})
    scale = found.axis.per_base
    return [(p.start * scale, p.stop * scale) for p in parts if p.winner == name]


def where(truth: Curve, scale: float) -> Stretches:
    """Return the stretches on which a curve of truth holds, times ``scale``."""
    parts = envelope({"yes": 1.0 - truth, "no": Curve.constant(0.5, truth)}, {})
    return [(p.start * scale, p.stop * scale) for p in parts if p.winner == "yes"]


def stretches(found: Stretches, unit: str = "", *, lead: str = "at ") -> str:
    """Return stretches as text.

    >>> stretches([(1.0, 2.0), (3.0, 4.0)], "TB"), stretches([])
    ('at 1 to 2, 3 to 4 TB', 'nowhere')
    """
    text = ", ".join(f"{low:,.4g} to {high:,.4g}" for low, high in found)
    return f"{lead}{text} {unit}".rstrip() if text else "nowhere"


def claims_table(found: Iterable[Claim]) -> Table:
    """Return the claims for people: each under its verdict, with what it was put beside."""
    rows: list[tuple[str, str, str]] = []
    for claim in found:
        rows += [
            (claim.verdict.upper(), "the article", claim.stated),
            ("", "its own inputs", claim.own),
            *(("", f"list, {region}", text) for region, text in claim.listed.items()),
            ("", "because", claim.because),
            ("", "", ""),
        ]
    return Table(
        "the article's claims",
        ("verdict", "", ""),
        tuple(rows[:-1]),
        notes=(
            "people cost what the article says everywhere; Confluent is priced in us-east-1, the "
            "one region whose price is public; verdicts go by list prices in Seoul",
        ),
    )
