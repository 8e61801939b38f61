"""What moving from one deployment to another costs and takes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kafkatco.core.inputs import Input
from kafkatco.core.money import Money, parse_money
from kafkatco.prices import PriceBook

__all__ = ["Switching"]

Months = Annotated[int, Field(ge=0, le=120)]


class Switching(Input):
    """What moving from one deployment to another costs and takes, beside setting it up.

    Parameters
    ----------
    parallel_months
        For how many months the old one runs, and is paid, beside the new one; 1 by default.  [1]
    data_movement
        What moving one GiB of what is stored costs; nothing by default.  [money]
    lead_months
        How long each takes to be ready, counted from the beginning; 0 where not named.  [1]
    current
        The deployment that runs now, which is ready and set up; none by default.
    committed_months
        For how long each is paid once it is entered, used or not: what is left of a commitment
        when it is left is paid; 0 where not named.  [1]

    Examples
    --------
    >>> Switching(lead_months={"our cluster": 3}).parallel_months
    1
    """

    parallel_months: Months = 1
    data_movement: Money | None = None
    lead_months: dict[str, Months] = Field(default_factory=dict)
    current: str | None = None
    committed_months: dict[str, Months] = Field(default_factory=dict)

    def per_gib(self, book: PriceBook) -> float:
        """Return what a GiB costs to move [the book's currency]."""
        if self.data_movement is None:
            return 0.0
        money = parse_money(self.data_movement)
        return float(money.amount * book.exchange(money.currency))
