"""The article's claims, tested with its own inputs and with list prices."""

from __future__ import annotations

from kafkatco.article.claim import FIRST, Cases, Claim, Claims, cases
from kafkatco.article.claim_break_even import bands, break_even, staff
from kafkatco.article.claim_examples import examples
from kafkatco.article.claim_phases import phases, saving
from kafkatco.article.conditions import ClaimCondition, ClaimConditions, claim_conditions
from kafkatco.prices.assumptions import PRODUCTION

__all__ = ["Claim", "ClaimCondition", "ClaimConditions", "Claims", "claim_conditions", "claims"]


def claims(at: Cases | None = None, *, assumptions: str = PRODUCTION) -> Claims:
    """Return every claim of the article with its verdict.

    ``at`` has the cases to test them with; without it, they are computed, with clusters at list
    prices that are sized under a set of ``assumptions``.  Raises
    :class:`~kafkatco.errors.InputError` for an unknown set.

    >>> [(claim.verdict, claim.own) for claim in claims() if claim.key == "confluent-total"]
    [('does not hold', '1,055,736 KRW')]
    """
    at = cases(assumptions=assumptions) if at is None else at
    every = *examples(at), break_even(at), *bands(at), *phases(at), saving(at), staff(at)
    return Claims(every, at[FIRST].assumptions)
