"""The lines of an environment next to production: those of its cheapest configuration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from kafkatco.costing.cheapest import Priced, cheapest, none_fits
from kafkatco.costing.lines import Line
from kafkatco.deployments.environments import Environment
from kafkatco.i18n.message import Message, join
from kafkatco.numerics.typing import Condition, Operand
from kafkatco.sizing.quantities import Candidate, Limit, Sizing

__all__ = ["PricedEnvironment", "priced_environment"]


class Configuration(Priced, Protocol):
    """A priced candidate of an environment."""

    @property
    def candidate(self) -> Candidate:
        """Its sizing and limits."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its recurring lines."""

    @property
    def blocking_skus(self) -> tuple[str, ...]:
        """The skus without a price that make it infeasible."""


@dataclass(frozen=True, slots=True)
class PricedEnvironment:
    """An environment with its lines and limits, for floats, arrays, curves and traces.

    ``limits`` are exceeded where no candidate of it fits, and ``unchecked`` where its cost is a
    floor; their reasons name it.
    """

    name: str
    region: str
    lines: tuple[Line, ...]
    limits: tuple[Limit, ...]
    unchecked: tuple[Limit, ...]
    notes: tuple[Message, ...]
    sizing: Sizing  #: that of the first candidate that is the cheapest somewhere
    blocking_skus: tuple[str, ...] = ()

    @property
    def total(self) -> Operand:
        """Its monthly charges, before a discount, a support plan and tax."""
        return sum((line.cost for line in self.lines if line.cost is not None), 0.0)


def priced_environment(
    environment: Environment, region: str, candidates: Sequence[Configuration], notes: Sequence[str]
) -> PricedEnvironment:
    """Return the cheapest of an environment's candidates at each point, in its ``region``.

    Tax is left out: it is one line of all environments.
    """
    infeasible = none_fits(candidates)
    _best, winner, _floor = cheapest(candidates, infeasible)
    lines: list[Line] = []
    unchecked: list[Limit] = []
    winners = []
    for i, candidate in enumerate(candidates):
        wins = winner == i
        if not np.any(wins):
            continue
        winners.append(candidate.candidate)
        everywhere = len(candidates) == 1 or not np.any(np.logical_not(wins))
        for line in candidate.lines:
            if line.component != "tax":
                own = line if everywhere else _where(wins, line)
                lines.append(_of_environment(own, environment.name, region))
        used = np.logical_and(wins, np.logical_not(infeasible))
        unchecked += _limits(environment.name, candidate.candidate.unchecked, used)
    # where none fits, each exceeds some limit: those of any candidate are exceeded there
    least = min(candidates, key=_exceeded).candidate
    said = [*notes, *(note for one in winners for note in one.notes)]
    return PricedEnvironment(
        environment.name,
        region,
        tuple(lines),
        tuple(_limits(environment.name, least.limits, infeasible)),
        tuple(unchecked),
        tuple(_named(environment.name, note) for note in dict.fromkeys(said)),
        winners[0].sizing,
        tuple(dict.fromkeys(sku for one in candidates for sku in one.blocking_skus)),
    )


def _where(wins: Condition, line: Line) -> Line:
    """Return a line that is zero where its candidate is not the cheapest."""
    cost = None if line.cost is None else np.where(wins, line.cost, 0.0)
    return replace(line, quantity=np.where(wins, line.quantity, 0.0), cost=cost)


def _of_environment(line: Line, name: str, region: str) -> Line:
    note = _named(name, line.note)
    return replace(
        line,
        component="environments",
        note=note,
        environment=name,
        part=line.component,
        region=line.region or region,  # links are billed on both sides
    )


def _limits(name: str, limits: Sequence[Limit], where: Condition) -> Iterator[Limit]:
    """Yield the limits that are exceeded somewhere within ``where``, with the environment."""
    for limit in limits:
        exceeded = np.logical_and(where, limit.exceeded)
        if np.any(exceeded):
            yield Limit(exceeded, _named(name, limit.reason))


def _named(name: str, text: str) -> Message:
    """Return a text with the environment that it is about."""
    return join(": ", [name, text]) if text else join("", [name])


def _exceeded(one: Configuration) -> int:
    """Return how many limits a candidate exceeds somewhere."""
    return sum(bool(np.any(limit.exceeded)) for limit in one.candidate.limits)
