"""The article's comparison matrix, as it stands there; nothing here is computed."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from kafkatco.analysis.recommend import SOURCE
from kafkatco.core.table import Table
from kafkatco.sizing.labour import Family

__all__ = ["FAMILIES", "SOURCE", "Criterion", "article_matrix", "matrix_dict", "matrix_table"]

FAMILIES: Final[tuple[Family, ...]] = ("self-hosted", "cloud-managed", "fully-managed")


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of the article's matrix: what it says of each family, in Korean and in English."""

    name: str
    name_ko: str
    says: Mapping[Family, str]
    says_ko: Mapping[Family, str]


@cache
def article_matrix() -> tuple[Criterion, ...]:
    """Return the eleven rows of the article's matrix.

    >>> [row.name for row in article_matrix()][:3]
    ['operational complexity', 'set-up time', 'expert staff']
    >>> article_matrix()[2].says_ko["self-hosted"]
    '필수 (2-3명)'
    """
    text = (files("kafkatco.article") / "matrix.csv").read_text(encoding="utf-8")
    return tuple(
        Criterion(
            row["criterion"],
            row["criterion_ko"],
            {family: row[family] for family in FAMILIES},
            {family: row[f"{family}_ko"] for family in FAMILIES},
        )
        for row in csv.DictReader(text.splitlines())
    )


def matrix_dict() -> dict[str, Any]:
    """Return the matrix as plain values, with its source."""
    return {
        "source": SOURCE,
        "rows": [
            {
                "criterion": row.name,
                "criterion_ko": row.name_ko,
                "says": dict(row.says),
                "says_ko": dict(row.says_ko),
            }
            for row in article_matrix()
        ],
    }


def matrix_table() -> Table:
    """Return the matrix for people."""
    return Table(
        "What the article says of the three families, in its words (not computed)",
        ("criterion", *FAMILIES),
        tuple((row.name, *(row.says[family] for family in FAMILIES)) for row in article_matrix()),
        notes=(f"source: {SOURCE}",),
    )
