"""Killed at any moment, the tables are as before or as after: all of them, and valid."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import random
import shutil
import time
from pathlib import Path

import pytest

from kafkatco.prices.csv_tables import tables_of
from support.price_server import PriceServer, msk_files, serve_aws
from support.refreshing import refresh_aws, valid

TODAY = dt.date(2026, 11, 22)
KILLS = 100
#: Every price of the book is 10 % dearer: 0.114 x 1.1 = 0.1254, and so on.
DEARER = {
    ("storage", "ap-northeast-2"): "0.1254000000",
    ("storage", "us-east-1"): "0.1100000000",
    ("storage", "eu-west-1"): "0.1210000000",
    ("broker", "ap-northeast-2"): "0.2758800000",
    ("broker", "us-east-1"): "0.2244000000",
    ("broker", "eu-west-1"): "0.2502500000",
    ("serverless", "ap-northeast-2"): "1.0120000000",
    ("serverless", "us-east-1"): "0.8250000000",
    ("serverless", "eu-west-1"): "0.9487500000",
}


def read(book: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in tables_of(book, []).items()}


@pytest.fixture
def book(msk_book: Path) -> Path:
    """The book in three tables, which a refresh changes together."""
    table = msk_book / "aws/msk.csv"
    header, *lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    for name in ("storage", "kafka", "serverless"):
        own = [line for line in lines if line.startswith(f"aws.msk.{name}")]
        (msk_book / f"aws/{name}.csv").write_text(header + "".join(own), encoding="utf-8")
    table.unlink()
    return msk_book


@pytest.mark.slow
def test_killed_at_random_moments(server: PriceServer, book: Path, tmp_path: Path) -> None:
    serve_aws(server, {"AmazonMSK": msk_files(DEARER)})
    before = read(book)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["kafkatco.prices.refresh.run", "kafkatco.prices.refresh.aws", "support.refreshing"]
    )

    def started(copy: Path) -> multiprocessing.process.BaseProcess:
        shutil.copytree(book, copy)
        process = context.Process(target=refresh_aws, args=(server.url, str(copy), TODAY))
        process.start()
        return process

    times = []
    for number in range(3):  # the first one starts the server of processes
        whole = tmp_path / f"whole{number}"
        begin = time.monotonic()
        process = started(whole)
        process.join()
        times.append(time.monotonic() - begin)
        assert process.exitcode == 0
    after, longest = read(whole), max(times[1:])
    assert all(after[name] != before[name] for name in before)
    assert sum(data.count(b"\n") for data in after.values()) == 3 + 2 * len(DEARER)

    chance = random.Random(20261122)
    outcomes = []
    for number in range(KILLS):
        copy = tmp_path / f"killed{number}"
        process = started(copy)
        late = number % 2  # the tables are put in place at the end: half of the kills are there
        time.sleep(chance.uniform(0.7 * late, 1.1) * longest)
        process.kill()
        process.join()
        tables = read(copy)
        assert tables in (before, after)
        assert valid(copy, TODAY)
        outcomes.append(tables == after)
        if number % 10 == 0:  # and the next refresh goes on from there
            refresh_aws(server.url, str(copy), TODAY)
            assert {name: path.read_bytes() for name, path in read_paths(copy).items()} == after
            assert [path.name for path in copy.iterdir() if path.name[0] == "."] == [".lock"]
    assert set(outcomes) == {True, False}


def read_paths(book: Path) -> dict[str, Path]:
    """Return the tables that are in their places."""
    return {path.relative_to(book).as_posix(): path for path in sorted(book.rglob("*.csv"))}
