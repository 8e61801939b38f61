"""The article's claims, tested with its own inputs and with list prices."""

from __future__ import annotations

from kafkatco.article.claim import Cases, Claim, Claims, cases
from kafkatco.article.claim_break_even import bands, break_even, staff
from kafkatco.article.claim_examples import examples
from kafkatco.article.claim_phases import phases, saving

__all__ = ["Claim", "Claims", "claims"]


def claims(at: Cases | None = None) -> Claims:
    """Return every claim of the article with its verdict.

    ``at`` has the cases to test them with; without it, they are computed.

    >>> [(claim.verdict, claim.own) for claim in claims() if claim.key == "confluent-total"]
    [('does not hold', '1,055,736 KRW')]
    """
    at = cases() if at is None else at
    every = *examples(at), break_even(at), *bands(at), *phases(at), saving(at), staff(at)
    return Claims(every)
