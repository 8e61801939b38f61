"""View of the article's claims."""

from __future__ import annotations

from typing import Any, Final

from kafkatco.article.claim import Claims, Verdict
from kafkatco.article.scenario import LIST_REGIONS
from kafkatco.core.result import View
from kafkatco.core.table import Table, Tone
from kafkatco.core.vocabulary import word
from kafkatco.i18n.message import Message, _, verbatim
from kafkatco.prices.assumptions import SETS

__all__ = ["CLAIMS", "CLAIM_COLUMNS", "claim_rows", "claims_table", "list_prices"]

TONES: Final[dict[Verdict, Tone]] = {
    "holds": "best",
    "holds only if": "floor",
    "does not hold": "refused",
}
CLAIM_COLUMNS: Final = (
    "claim",
    "stated",
    "own inputs",
    *(f"at list prices, {region}" for region in LIST_REGIONS),
    "verdict",
    "because",
    "assumptions",
)


def claim_rows(claims: Claims) -> list[list[str]]:
    """Return one row for each claim, under ``CLAIM_COLUMNS``."""
    return [
        [
            c.key,
            c.stated,
            c.own,
            *(c.listed[region] for region in LIST_REGIONS),
            c.verdict,
            c.because,
            claims.assumptions,
        ]
        for c in claims
    ]


def claims_dicts(claims: Claims) -> list[dict[str, Any]]:
    """Return ``kafkatco claims --format json``."""
    return [{**claim.to_dict(), "assumptions": claims.assumptions} for claim in claims]


def claims_table(claims: Claims) -> Table:
    """Return each claim with its verdict, what the article states and what is computed."""
    rows: list[tuple[str, str, str]] = []
    tones: list[tuple[int, int, Tone]] = []
    for claim in claims:
        tones.append((len(rows), 0, TONES[claim.verdict]))
        rows += [
            (word(claim.verdict), _("the article"), claim.stated),
            ("", _("its own inputs"), claim.own),
            *(("", list_prices(region), text) for region, text in claim.listed.items()),
            ("", _("because"), claim.because),
            ("", "", ""),
        ]
    return Table(
        _("the article's claims"),
        (_("verdict"), verbatim(""), verbatim("")),
        tuple(rows[:-1]),
        notes=(
            _(
                "people cost what the article states; Confluent is priced in us-east-1, the only "
                "region with a published price; verdicts follow list prices in Seoul"
            ),
            _(
                "the clusters of the examples are the article's, as it counts them; those of the "
                "other claims at list prices are sized under the assumptions {set!r}; "
                "kafkatco claims --assumptions {other} shows another set",
                set=claims.assumptions,
                other=next(name for name in SETS if name != claims.assumptions),
            ),
        ),
        tones=frozenset(tones),
    )


def list_prices(region: str) -> Message:
    """Return the heading of what list prices of a region give."""
    return _("list prices, {region}", region=region)


CLAIMS: Final = View(
    columns=CLAIM_COLUMNS,
    rows=claim_rows,
    tables=lambda claims: [claims_table(claims)],
    plain=claims_dicts,
)
