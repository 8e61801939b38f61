"""The page of the article's claims: its table of conditions, as it is now.

``python tests/support/claims_page.py`` writes the table of ``docs/model/claims.md``.
"""

from __future__ import annotations

from typing import Final

from kafkatco import ClaimConditions, claim_conditions
from support.paths import ROOT

__all__ = ["MARKS", "PAGE", "page"]

PAGE: Final = ROOT / "docs" / "model" / "claims.md"
#: The lines between which the table is.
MARKS: Final = "<!-- table: begin -->\n", "<!-- table: end -->\n"


def page(text: str, conditions: ClaimConditions) -> str:
    """Return the text of the page with the table of some conditions."""
    before, _, rest = text.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    return f"{before}{MARKS[0]}{conditions.to_markdown()}{MARKS[1]}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), claim_conditions()), encoding="utf-8")
