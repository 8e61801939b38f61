"""Which of the article's claims change at other list prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kafkatco.article import Claim, Claims, claims
from kafkatco.article.claim import cases
from kafkatco.article.scenario import article
from kafkatco.errors import InputError, KafkatcoError, Problem, one_line
from kafkatco.prices.book import PriceBook

__all__ = ["ClaimMove", "claim_moves"]


@dataclass(frozen=True, slots=True)
class ClaimMove:
    """A claim whose verdict, or whose result at list prices, differs."""

    before: Claim
    after: Claim

    @property
    def verdict_changed(self) -> bool:
        """Whether the verdict differs."""
        return self.before.verdict != self.after.verdict

    @property
    def listed(self) -> Mapping[str, tuple[str, str]]:
        """The results at list prices, before and after, in each region where they differ."""
        return {
            region: (text, self.after.listed[region])
            for region, text in self.before.listed.items()
            if text != self.after.listed[region]
        }


def claim_moves(
    before: PriceBook, after: PriceBook
) -> tuple[tuple[ClaimMove, ...], tuple[str, ...]]:
    """Return the claims that change between two books of list prices, and why some were not tested.

    Their figures are rounded as the claims print them.  Raises
    :class:`~kafkatco.errors.InputError` for books in another currency than the article's.
    """
    currency = article().book.currency
    if before.currency != currency:
        problem = Problem("claims", f"prices in {before.currency}", f"prices in {currency}")
        raise InputError("impact", [problem])
    tested: list[Claims] = []
    for when, book in (("before", before), ("after", after)):
        try:
            tested.append(claims(cases(book)))
        except KafkatcoError as error:
            return (), (f"claims, {when}: {one_line(error)}",)
    moves = (ClaimMove(*pair) for pair in zip(*tested, strict=True))
    return tuple(move for move in moves if move.verdict_changed or move.listed), ()
