"""Shared by all tests: Hypothesis profiles and the objects that many tests start from."""

import datetime as dt
import os
from pathlib import Path

import matplotlib as mpl
import pytest
from hypothesis import settings

from kafkatco import Catalogue, PriceBook, Workload
from ours import OURS

mpl.use("Agg")
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")

AS_OF = dt.date(2025, 10, 31)


@pytest.fixture
def book() -> PriceBook:
    """List prices in USD on the article's date."""
    return PriceBook("list", as_of=AS_OF)


@pytest.fixture
def catalogue() -> Catalogue:
    """Capacities on the article's date."""
    return Catalogue(as_of=AS_OF)


@pytest.fixture
def workload() -> Workload:
    """100 MiB/s read three times and kept for a day, at a steady rate."""
    return Workload(
        ingress="100 MiB/s", fanout=3, retention="1 day", peak_to_average=1.0, partitions=300
    )


@pytest.fixture
def ours(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The path of a scenario file: of the test module's own ``OURS``, or of ``tests/ours.py``."""
    path = tmp_path / "ours.toml"
    path.write_text(getattr(request.module, "OURS", OURS), encoding="utf-8")
    return str(path)
