"""Shared by all tests: Hypothesis profiles and the objects that many tests start from."""

import csv
import datetime as dt
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from hypothesis import settings

from kafkatco import Catalogue, PriceBook, Workload
from kafkatco.article import ClaimConditions, Claims, claim_conditions, claims
from kafkatco.article.claim import Cases, cases
from kafkatco.prices.assumptions import PRODUCTION
from kafkatco.prices.csv_tables import pricing_root
from support.browser import browser, show
from support.ours import OURS
from support.plain import PLAIN
from support.price_server import PriceServer, serving

__all__ = ["browser", "show"]  # fixtures of the page's tests

mpl.use("Agg")
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")

AS_OF = dt.date(2025, 10, 31)
#: The day on which all tests run, by which prices have an age: see :mod:`kafkatco.core.today`.
TODAY = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)
os.environ["SOURCE_DATE_EPOCH"] = str(int(TODAY.timestamp()))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def connect_locally(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            assert address[0] in ("127.0.0.1", "::1"), f"a test connects to {address}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_locally)


@pytest.fixture(autouse=True)
def _no_figures() -> Iterator[None]:
    """Close the figures that a test has opened."""
    yield
    plt.close("all")


@pytest.fixture
def book() -> PriceBook:
    """List prices in USD on the article's date."""
    return PriceBook("list", as_of=AS_OF, assumptions=PLAIN)


@pytest.fixture
def catalogue() -> Catalogue:
    """Capacities on the article's date."""
    return Catalogue(as_of=AS_OF, assumptions=PLAIN)


@pytest.fixture
def workload() -> Workload:
    """100 MiB/s read three times and kept for a day, at a steady rate."""
    return Workload(
        ingress="100 MiB/s", fanout=3, retention="1 day", peak_to_average=1.0, partitions=300
    )


@pytest.fixture(scope="session")
def article_cases() -> Cases:
    """Return what the article's claims are tested with; its sweeps take seconds, and are frozen."""
    return cases()


@pytest.fixture(scope="session")
def article_claims(article_cases: Cases) -> Claims:
    """Return the article's claims, computed once."""
    return claims(article_cases)


@pytest.fixture(scope="session")
def article_conditions() -> ClaimConditions:
    """Return what each condition does to the break-even, computed once."""
    return claim_conditions()


@pytest.fixture(scope="session")
def bare_claims() -> Claims:
    """Return the article's claims under the assumptions that keep nothing free."""
    return claims(assumptions="bare")


@pytest.fixture
def claims_computed_once(
    article_claims: Claims, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let commands show the claims of the session, where only their form is in question."""

    def session_claims(at: Cases | None = None, *, assumptions: str = PRODUCTION) -> Claims:
        computed = at is None and assumptions == PRODUCTION
        return article_claims if computed else claims(at, assumptions=assumptions)

    def session_conditions(*, assumptions: str = PRODUCTION) -> ClaimConditions:
        if assumptions != PRODUCTION:
            return claim_conditions(assumptions=assumptions)
        conditions: ClaimConditions = request.getfixturevalue("article_conditions")
        return conditions  # computed only if a command asks for it

    for module in ("kafkatco", "kafkatco.article"):
        monkeypatch.setattr(f"{module}.claims", session_claims)
        monkeypatch.setattr(f"{module}.claim_conditions", session_conditions)


@pytest.fixture
def ours(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The path of a scenario file: the test module's own ``OURS``, or that of ``support.ours``."""
    path = tmp_path / "ours.toml"
    path.write_text(getattr(request.module, "OURS", OURS), encoding="utf-8")
    return str(path)


@pytest.fixture
def server() -> Iterator[PriceServer]:
    """A local server of prices."""
    with serving() as local:
        yield local


@pytest.fixture
def msk_book(tmp_path: Path) -> Path:
    """A book with the prices of MSK's storage and of one broker in three regions."""
    table = tmp_path / "list" / "aws" / "msk.csv"
    table.parent.mkdir(parents=True)
    skus = ("aws.msk.storage", "aws.msk.kafka.m7g.large", "aws.msk.serverless.cluster")
    regions = ("ap-northeast-2", "us-east-1", "eu-west-1")
    with (pricing_root() / "list/aws/msk.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        lines = [next(reader), *(row for row in reader if row[0] in skus and row[1] in regions)]
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)
    return tmp_path / "list"


@pytest.fixture
def whole_list(tmp_path: Path) -> Path:
    """A copy of the shipped book of list prices."""
    return Path(shutil.copytree(pricing_root() / "list", tmp_path / "list"))
