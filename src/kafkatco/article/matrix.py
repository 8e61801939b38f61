"""The article's comparison matrix, in its own words; nothing here is computed."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from kafkatco.analysis.recommend import SOURCE
from kafkatco.sizing.labour import Family

__all__ = ["FAMILIES", "SOURCE", "Criterion", "article_matrix"]

FAMILIES: Final[tuple[Family, ...]] = ("self-hosted", "cloud-managed", "fully-managed")


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of the article's matrix: its words for each family, in English and in Korean."""

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
