"""Excerpts of the providers' own data, in ``tests/data``; its README says where each is from."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from support.paths import ROOT

__all__ = ["ec2_on_demand", "excerpt", "excerpt_json", "excerpt_rows"]


def excerpt(name: str) -> Path:
    """Return the path of an excerpt."""
    return ROOT / "tests" / "data" / name


def excerpt_json(name: str) -> Any:
    """Return the content of a JSON file."""
    return json.loads(excerpt(name).read_text(encoding="utf-8"))


def excerpt_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file, each by its header."""
    with excerpt(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ec2_on_demand() -> dict[tuple[str, str], Decimal]:
    """Return the price of each EC2 machine [USD/h], by machine and region as the page keys it."""
    return {
        (row["instance_type"], region): Decimal(usd)
        for row in excerpt_rows("aws-ec2-linux-on-demand.csv")
        for region, usd in row.items()
        if region != "instance_type" and usd
    }
