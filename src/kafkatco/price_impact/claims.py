"""The article's claims that change with the list prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kafkatco.article import Claim, Claims, claims
from kafkatco.article.claim import cases
from kafkatco.article.scenario import article
from kafkatco.errors import InputError, KafkatcoError, Problem
from kafkatco.i18n.message import _
from kafkatco.price_impact.bills import missing_notes, reason_of
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
    """Return the claims that change between two books of list prices, and notes if untested.

    Results are compared as the claims print them.  Raises :class:`~kafkatco.errors.InputError` if
    the books are not in the article's currency.
    """
    currency = article().book.currency
    if before.currency != currency:
        actual = _("prices in {currency}", currency=before.currency)
        expected = _("prices in {currency}", currency=currency)
        raise InputError("impact", [Problem("claims", actual, expected)])
    tested: list[Claims] = []
    reasons = ["", ""]
    for i, book in enumerate((before, after)):
        try:
            tested.append(claims(cases(book)))
        except KafkatcoError as error:
            reasons[i] = reason_of(error)
    if any(reasons):
        return (), tuple(_("claims, {note}", note=note) for note in missing_notes(*reasons))
    moves = (ClaimMove(*pair) for pair in zip(*tested, strict=True))
    return tuple(move for move in moves if move.verdict_changed or move.listed), ()
