"""The costs and lead times of moving from one deployment to another."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kafkatco.core.inputs import Input
from kafkatco.core.money import Money, parse_money
from kafkatco.prices import PriceBook

__all__ = ["Switching"]

Months = Annotated[int, Field(ge=0, le=120)]


class Switching(Input):
    """The costs and lead times of moving between deployments, apart from setup.

    Parameters
    ----------
    parallel_months
        Months in which the old deployment runs, and is paid, in parallel to the new one; 1 by
        default.  [1]
    data_movement
        Cost of moving one GiB of stored data; nothing by default.  [money]
    lead_months
        Months until each deployment is ready, from the start of the plan; 0 if not named.  [1]
    current
        The deployment that runs now, which is ready and set up; none by default.
    committed_months
        Commitment of each deployment from the month of the move to it: its remaining months are
        paid even after moving away; 0 if not named.  [1]

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
        """Return the cost of moving one GiB [the book's currency]."""
        if self.data_movement is None:
            return 0.0
        money = parse_money(self.data_movement)
        return float(money.amount * book.exchange(money.currency))
