"""How the article's claims are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kafkatco.article.claim import Claim, Verdict
from kafkatco.article.scenario import LIST_REGIONS
from kafkatco.core.result import View
from kafkatco.core.table import Table, Tone

__all__ = ["CLAIMS", "CLAIM_COLUMNS", "claim_rows", "claims_table"]

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
)


def claim_rows(found: Iterable[Claim]) -> list[list[str]]:
    """Return one row for each claim, under ``CLAIM_COLUMNS``."""
    return [
        [c.key, c.stated, c.own, *(c.listed[r] for r in LIST_REGIONS), c.verdict, c.because]
        for c in found
    ]


def claims_table(found: Iterable[Claim]) -> Table:
    """Return the claims for people: each under its verdict, with what it was put beside."""
    rows: list[tuple[str, str, str]] = []
    tones: list[tuple[int, int, Tone]] = []
    for claim in found:
        tones.append((len(rows), 0, TONES[claim.verdict]))
        rows += [
            (claim.verdict.upper(), "the article", claim.stated),
            ("", "its own inputs", claim.own),
            *(("", f"list, {region}", text) for region, text in claim.listed.items()),
            ("", "because", claim.because),
            ("", "", ""),
        ]
    return Table(
        "the article's claims",
        ("verdict", "", ""),
        tuple(rows[:-1]),
        notes=(
            "people cost what the article says everywhere; Confluent is priced in us-east-1, the "
            "one region whose price is public; verdicts go by list prices in Seoul",
        ),
        tones=frozenset(tones),
    )


CLAIMS: Final = View(
    columns=CLAIM_COLUMNS,
    rows=claim_rows,
    tables=lambda claims: [claims_table(claims)],
    plain=lambda claims: [claim.to_dict() for claim in claims],
)
