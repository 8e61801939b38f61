"""The result of refreshing one source of prices."""

from __future__ import annotations

from dataclasses import dataclass

from kafkatco.errors import Problem
from kafkatco.prices.rows import PriceRow

__all__ = ["Refreshed"]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What refreshing one source changed.

    ``rows`` are new.  ``same`` counts unchanged prices, ``announced`` those that begin
    later; ``other`` names what the source prices and the tables do not have.  With ``problems`` the
    tables are left unchanged.
    """

    source: str
    rows: tuple[PriceRow, ...] = ()
    same: int = 0
    announced: int = 0
    other: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
