"""What each condition does to the article's break-even, against every kind that has a price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from kafkatco.analysis.cost_curves import Totals, value_at
from kafkatco.article.claim import Stretches, holds_where
from kafkatco.article.condition_settings import Setting, base_text, settings
from kafkatco.article.rivals import NAMED, Terms, offers
from kafkatco.article.scenario import article
from kafkatco.core.result import Results, about_prices
from kafkatco.costing.costs import known_cost
from kafkatco.i18n.message import Message
from kafkatco.numerics.crossings import envelope
from kafkatco.prices import PriceBook
from kafkatco.prices.assumptions import PRODUCTION

__all__ = ["Against", "ClaimCondition", "ClaimConditions", "Saving", "claim_conditions"]

#: The traffic at which savings are shown [TB/month].
POINTS_TB: Final = (10.0, 50.0, 100.0)


@dataclass(frozen=True, slots=True)
class Against:
    """Where self-hosting costs less than each of some rivals, in TB a month.

    On ``alone_tb`` it can serve and none of them can.  Where the cost of self-hosting, or a lower
    cost of a rival, is a floor, it is not known to cost less.
    """

    rivals: tuple[str, ...]
    cheapest_tb: Stretches
    alone_tb: Stretches


@dataclass(frozen=True, slots=True)
class Saving:
    """What self-hosting saves against its cheapest rival at one traffic.

    ``cost`` is that of self-hosting and ``rival_cost`` that of ``rival``, in the currency of the
    result; each is ``None`` if it cannot serve or is not known.  ``may_cost_less`` names the rivals
    with a floor below both.
    """

    at_tb: float
    cost: float | None
    rival: str
    rival_cost: float | None
    may_cost_less: tuple[str, ...] = ()

    @property
    def saving(self) -> float | None:
        """The share of the rival's cost that is saved [1]; negative for an extra cost.

        >>> round(Saving(10.0, 8.0, "msk-express", 10.0).saving, 3)
        0.2
        """
        if self.cost is None or self.rival_cost is None:
            return None
        return 1.0 - self.cost / self.rival_cost


@dataclass(frozen=True, slots=True)
class ClaimCondition:
    """The break-even under one changed condition: ``setting`` is its value, "" in the base.

    ``named`` is against the two kinds that the article compares with, ``every`` against all kinds
    that have a price under the condition; ``needs_price`` has the others, with what is missing.
    """

    topic: Message
    setting: Message
    named: Against
    every: Against
    savings: tuple[Saving, ...]
    needs_price: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, repr=False)
class ClaimConditions(Results[ClaimCondition]):
    """The base and each condition, changed alone: a sequence; ``base`` says what the base is."""

    items: tuple[ClaimCondition, ...]
    base: Message
    currency: str
    prices: Mapping[str, str]

    def __repr__(self) -> str:
        return f"ClaimConditions({len(self)})"

    def _about(self) -> dict[str, Any]:
        return about_prices(self.currency, self.prices)


def claim_conditions(*, assumptions: str = PRODUCTION) -> ClaimConditions:
    """Return what each of twelve conditions does to the article's break-even and saving.

    The base is the article's workload and people at list prices in its own country, with clusters
    that are sized under a set of ``assumptions``.  Each condition is changed alone, and
    self-hosting is compared with every kind of deployment that has a price there, over all traffic
    from 0.1 TB to 1 PB a month.  Raises :class:`~kafkatco.errors.InputError` for an unknown set.

    >>> base, *changed = claim_conditions()
    >>> base.every.cheapest_tb, base.savings[0].rival
    ([], 'confluent-basic')
    >>> len({condition.topic for condition in changed})
    12
    """
    own = article()
    as_of, currency = own.book.as_of, own.book.currency
    book = PriceBook("list", as_of=as_of, currency=currency, assumptions=assumptions)
    base = Terms.base(own, book)
    every = tuple(_condition(setting) for setting in settings(base))
    return ClaimConditions(every, base_text(base), currency, base.book.describe())


def _condition(setting: Setting) -> ClaimCondition:
    """Return the break-even under one condition."""
    own, rivals = setting.terms.options()
    priced = offers(setting.terms, (*own, *rivals))
    labels = [option.label for option in own]
    mine = {name: cost for name, cost in priced.costs.items() if name in labels}
    others = {name: cost for name, cost in priced.costs.items() if name not in labels}
    named = {name: cost for name, cost in others.items() if name in NAMED}
    savings = tuple(saving_at(x, mine, others) for x in POINTS_TB)
    return ClaimCondition(
        setting.topic,
        setting.text,
        against(mine, named),
        against(mine, others),
        savings,
        priced.needs_price,
    )


def against(mine: Mapping[str, Totals], others: Mapping[str, Totals]) -> Against:
    """Return where the cheapest of some options costs less than each of their rivals."""
    own: Any = np.inf
    for cost in mine.values():
        own = np.minimum(own, known_cost(cost.total, cost.infeasible, cost.floor))
    other: Any = np.inf
    unserved: Any = 1.0
    for cost in others.values():
        other = np.minimum(other, np.where(cost.infeasible, np.inf, cost.total))
        unserved = np.minimum(unserved, cost.infeasible)
    parts = envelope({"other": other, "own": own}, {"own": unserved})
    cheapest = [(part.start, part.stop) for part in parts if part.winner == "own"]
    return Against(tuple(others), cheapest, holds_where((own < np.inf) * unserved))


def saving_at(x: float, mine: Mapping[str, Totals], others: Mapping[str, Totals]) -> Saving:
    """Return what the cheapest of some options saves at a traffic [TB/month]."""
    own, rivals = _known_at(mine, x), _known_at(others, x)
    cost = min(own.values(), default=None)
    rival = min(rivals, key=lambda name: rivals[name], default="")
    limit = min([*own.values(), *rivals.values()], default=np.inf)
    floors = (
        name
        for name, one in others.items()
        if value_at(one.floor, x) and not value_at(one.infeasible, x)
        if value_at(one.total, x) < limit
    )
    return Saving(x, cost, rival, rivals.get(rival), tuple(floors))


def _known_at(costs: Mapping[str, Totals], x: float) -> dict[str, float]:
    """Return the known costs at a traffic [TB/month], by option."""
    known = {
        name: float(value_at(known_cost(one.total, one.infeasible, one.floor), x))
        for name, one in costs.items()
    }
    return {name: cost for name, cost in known.items() if np.isfinite(cost)}
