"""A refresh from Amazon's price list: whole, in several regions, as of now and of the past."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from kafkatco.prices.meters.aws import NOT_LISTED, RULES
from kafkatco.prices.refresh.aws import Aws
from kafkatco.prices.refresh.run import refresh_book
from kafkatco.prices.results import Refreshed
from support.aws_lines import LISTED, TABLES, Listed, between, committed, line, offer, whole_list
from support.price_server import PriceServer, Reply, serve_aws, version_of

TODAY = dt.date(2026, 11, 22)
REGIONS = ("us-east-1", "us-east-2", "ap-northeast-2")
BETWEEN = {
    "us-east-1": [
        between("us-east-1", "us-east-2", "0.01"),
        between("us-east-1", "ap-northeast-2", "0.02"),
    ],
    "us-east-2": [
        between("us-east-2", "us-east-1", "0.01"),
        between("us-east-2", "ap-northeast-2", "0.02"),
    ],
    "ap-northeast-2": [
        between("ap-northeast-2", "us-east-1", "0.08"),
        between("ap-northeast-2", "us-east-2", "0.08"),
    ],
}


def write_book(folder: Path, skus: set[str], regions: Sequence[str]) -> Path:
    """Write a book with the committed rows of these skus and regions."""
    for path in TABLES:
        rows = [row for name, row in committed() if name == path.name]
        kept = [row for row in rows if row["sku"] in skus and row["region"] in regions]
        target = folder / "list" / "aws" / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(kept)
    return folder / "list"


def last(book: Path) -> dict[tuple[str, str], dict[Decimal, Decimal]]:
    """Return the tiers of the last date of each sku and region."""
    dates: dict[tuple[str, str], dict[str, dict[Decimal, Decimal]]] = {}
    for path in book.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                tiers = dates.setdefault((row["sku"], row["region"]), {})
                of_date = tiers.setdefault(row["valid_from"], {})
                of_date[Decimal(row["tier_from"])] = Decimal(row["price"])
    return {where: prices[max(prices)] for where, prices in dates.items()}


def expected(listed: Sequence[Listed]) -> dict[str, dict[Decimal, Decimal]]:
    """Return the tiers that lines are, by sku, with what is free before them."""
    tiers_of: dict[str, dict[Decimal, Decimal]] = {}
    for one in listed:
        tiers = tiers_of.setdefault(f"aws.{one.sku}", {})
        tiers[Decimal(one.tier_from)] = Decimal(one.price)
    tiers_of["aws.data-transfer.internet"][Decimal(0)] = Decimal(0)
    return tiers_of


def refreshed(
    server: PriceServer, book: Path, as_of: dt.date = TODAY, accept: Sequence[str] = ()
) -> Refreshed:
    sources = [Aws(url=server.url)]
    [result] = refresh_book(book, sources, as_of=as_of, today=TODAY, accept=accept, pause=0.01)
    return result


def full_list(listed: Sequence[Listed] = LISTED) -> dict[str, dict[str, str]]:
    files = whole_list(REGIONS, listed)
    for region in REGIONS:
        here = [one for one in listed if one.service == "AWSDataTransfer"] + BETWEEN[region]
        files["AWSDataTransfer"][region] = offer(
            "AWSDataTransfer", [line(one, region) for one in here]
        )
    return files


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A book with all that the hand-written list has, in three regions."""
    skus = {f"aws.{one.sku}" for one in LISTED}
    skus |= {"aws.data-transfer.inter-region", "aws.data-transfer.inter-region-us-east"}
    return write_book(tmp_path, skus, REGIONS)


def test_every_sku_has_a_rule_or_a_reason() -> None:
    skus = {row["sku"] for _, row in committed() if "~" not in row["sku"]}
    rules = [rule for of_service in RULES.values() for rule in of_service]
    without = {sku for sku in skus if not any(rule.prices(sku) for rule in rules)}
    assert without == {sku for sku in skus if sku.startswith(tuple(NOT_LISTED))}
    assert all(any(sku.startswith(prefix) for sku in skus) for prefix in NOT_LISTED)
    assert all(any(rule.prices(sku) for sku in skus) for rule in rules)


def test_the_tables_have_the_whole_list_after_a_refresh(server: PriceServer, book: Path) -> None:
    serve_aws(server, full_list())
    before = last(book)
    result = refreshed(server, book)
    assert result.problems == ()
    after = last(book)
    assert len(before) > 100
    for region in REGIONS:
        # the query has the skus of the tables in a region, and their commitments
        want = {
            sku: tiers
            for sku, tiers in expected([*LISTED, *BETWEEN[region]]).items()
            if (sku, region) in before or "@" in sku
        }
        have = {sku: tiers for (sku, where), tiers in after.items() if where == region}
        assert have == want
    # in us-east-1 the list has the prices of the committed tables
    assert not [row for row in result.rows if row.region == "us-east-1"]
    # us-east-2 has the same prices, but for the tiers of io2 and the commitments, which are new
    assert {row.sku for row in result.rows if row.region == "us-east-2"} == {
        "aws.ebs.io2.iops",
        "aws.ec2.m7g.large@1-year",
        "aws.ec2.t3.medium@3-year",
        "aws.ec2.m7g.large@1-year-savings-plan",
        "aws.ec2.m7g.large@3-year-savings-plan",
    }


def test_a_second_refresh_reads_nothing_anew(server: PriceServer, book: Path) -> None:
    serve_aws(server, full_list())
    assert refreshed(server, book).rows
    before = {path: path.read_bytes() for path in book.rglob("*") if path.is_file()}
    again = refreshed(server, book)
    assert (again.rows, again.problems) == ((), ())
    assert before == {path: path.read_bytes() for path in book.rglob("*") if path.is_file()}


def test_a_changed_price_is_appended_with_its_origin(server: PriceServer, book: Path) -> None:
    serve_aws(server, full_list())
    refreshed(server, book)
    # a gateway for 0.05 instead of 0.045 in Seoul, from 2026-11-15
    files = full_list()
    old = line(next(one for one in LISTED if one.usage == "NatGateway-Hours"), "ap-northeast-2")
    new = [{"0.0450000000": "0.0500000000", "2026-11-01": "2026-11-15"}.get(c, c) for c in old]
    text = files["AmazonEC2"]["ap-northeast-2"]
    was, now = (",".join(f'"{cell}"' for cell in cells) for cells in (old, new))
    assert was in text
    files["AmazonEC2"]["ap-northeast-2"] = text.replace(was, now)
    serve_aws(server, files, published="2026-11-16T00:00:01Z")
    [row] = refreshed(server, book).rows
    assert (row.sku, row.region, row.price) == (
        "aws.nat-gateway",
        "ap-northeast-2",
        Decimal("0.05"),
    )
    assert row.valid_from == dt.date(2026, 11, 15)
    assert "/AmazonEC2/20261116000001/ap-northeast-2/index.csv" in row.source


OFFERS, PLANS = "/offers/v1.0/aws", "/savingsPlan/v1.0/aws/AWSComputeSavingsPlan"
NEW, OLD = "2026-11-20T00:00:00Z", "2026-10-05T06:07:08Z"


@pytest.mark.parametrize("elsewhere", ["@evil.example/x.json", "0.evil.example/x.json", ""])
@pytest.mark.parametrize(
    ("index", "path"),
    [
        (f"{OFFERS}/index.json", f"{OFFERS}/AmazonEC2/current/region_index.json"),
        (f"{OFFERS}/index.json", f"{OFFERS}/AmazonEC2/index.json"),
        (f"{OFFERS}/index.json", f"{PLANS}/current/region_index.json"),
        (f"{OFFERS}/index.json", f"{PLANS}/current/index.json"),
        (f"{PLANS}/current/index.json", f"{PLANS}/{version_of(OLD)}/region_index.json"),
    ],
)
def test_an_index_on_another_host_is_not_requested(
    server: PriceServer, tmp_path: Path, index: str, path: str, elsewhere: str
) -> None:
    skus = {"aws.nat-gateway", "aws.ec2.m7g.large@1-year-savings-plan"}
    book = write_book(tmp_path, skus, ["us-east-1"])
    listed = [one for one in LISTED if f"aws.{one.sku}" in skus]
    services: dict[str, dict[str, str]] = {one.service: {} for one in listed}
    for one in listed:
        services[one.service]["us-east-1"] = offer(one.service, [line(one, "us-east-1")])
    serve_aws(server, services, published=NEW, past=[OLD])
    for service, root in (("AmazonEC2", OFFERS + "/AmazonEC2"), ("AWSComputeSavingsPlan", PLANS)):
        text = services[service]["us-east-1"]
        server.text(f"{root}/{version_of(OLD)}/us-east-1/index.csv", text)
    whole = server.replies[index]
    assert isinstance(whole, Reply)
    assert whole.body.count(f'"{path}"'.encode()) == 1
    body = whole.body.replace(f'"{path}"'.encode(), f'"{elsewhere}"'.encode())
    server.replies[index] = Reply(body)
    [problem] = refreshed(server, book, as_of=dt.date(2026, 10, 31)).problems
    assert problem.expected == f"the address {elsewhere!r} is not a path of this host"


def test_a_past_date_takes_the_version_of_then(server: PriceServer, tmp_path: Path) -> None:
    skus = {"aws.nat-gateway", "aws.ec2.m7g.large", "aws.ec2.m7g.large@1-year-savings-plan"}
    book = write_book(tmp_path, skus, ["us-east-1"])
    gateway = next(one for one in LISTED if one.usage == "NatGateway-Hours")
    box, plan = (
        next(one for one in LISTED if one.sku == sku)
        for sku in ("ec2.m7g.large", "ec2.m7g.large@1-year-savings-plan")
    )
    new, old = "2026-11-20T00:00:00Z", "2026-10-05T06:07:08Z"
    dear = gateway._replace(listed="0.0550000000")
    serve_aws(
        server,
        {
            "AmazonEC2": {
                "us-east-1": offer("AmazonEC2", [line(dear, "us-east-1"), line(box, "us-east-1")])
            },
            "AWSComputeSavingsPlan": {
                "us-east-1": offer("AWSComputeSavingsPlan", [line(plan, "us-east-1")])
            },
        },
        published=new,
        past=[old],
    )
    then = gateway._replace(listed="0.0500000000", cells={"EffectiveDate": "2026-10-01"})
    cheap = plan._replace(listed="0.0500", cells={**plan.cells, "EffectiveDate": "2026-10-04"})
    box = box._replace(cells={**box.cells, "EffectiveDate": "2026-10-01"})
    for service, root, lines in (
        ("AmazonEC2", "/offers", [line(then, "us-east-1"), line(box, "us-east-1")]),
        ("AWSComputeSavingsPlan", "/savingsPlan", [line(cheap, "us-east-1")]),
    ):
        path = f"{root}/v1.0/aws/{service}/{version_of(old)}/us-east-1/index.csv"
        server.text(path, offer(service, lines, old))
    result = refreshed(server, book, as_of=dt.date(2026, 10, 31))
    assert result.problems == ()
    assert {(row.sku, row.price, row.valid_from) for row in result.rows} == {
        ("aws.nat-gateway", Decimal("0.05"), dt.date(2026, 10, 1)),
        ("aws.ec2.m7g.large@1-year-savings-plan", Decimal("0.05"), dt.date(2026, 10, 4)),
    }
    paths = [request.path for request in server.asked]
    assert not [path for path in paths if version_of(new) in path]
    result = refreshed(server, book, as_of=dt.date(2026, 10, 4))
    assert "no version on or before 2026-10-04" in str(result.problems[0])


@pytest.mark.parametrize(
    ("service", "region", "problem"),
    [
        ("AWSELB", "", "the index has no service AWSELB"),
        (
            "AmazonS3",
            "us-east-2",
            "AWS AmazonS3 in us-east-2: the index has no file of this region",
        ),
    ],
)
def test_a_missing_entry_of_an_index_is_named(
    server: PriceServer, book: Path, service: str, region: str, problem: str
) -> None:
    files = full_list()
    if region:
        del files[service][region]
    else:
        del files[service]
    serve_aws(server, files)
    result = refreshed(server, book)
    assert problem in str(result.problems[0])
    assert result.rows == ()


def test_a_page_instead_of_a_file_is_named(server: PriceServer, book: Path) -> None:
    serve_aws(server, full_list())
    path = next(path for path in server.replies if path.endswith("us-east-2/index.csv"))
    server.replies[path] = Reply(b"<!DOCTYPE html><html><body>Sorry</body></html>")
    result = refreshed(server, book)
    assert "got an HTML page; expected a file of the AWS Price List (CSV)" in str(
        result.problems[0]
    )


def test_a_price_that_has_vanished_is_named(server: PriceServer, book: Path) -> None:
    listed = [one for one in LISTED if one.sku != "nlb.lcu"]
    serve_aws(server, full_list(listed))
    result = refreshed(server, book)
    assert {problem.expected for problem in result.problems} == {
        f"the price of aws.nlb.lcu in {region} is gone"
        for region in ("us-east-1", "ap-northeast-2")
    }


def test_destinations_that_differ_are_a_problem_that_may_be_accepted(
    server: PriceServer, book: Path
) -> None:
    files = full_list()
    lines = [
        line(between("ap-northeast-2", region, price), "ap-northeast-2")
        for region, price in (("us-east-1", "0.08"), ("us-east-2", "0.09"))
    ]
    zones = [one for one in LISTED if one.service == "AWSDataTransfer"]
    files["AWSDataTransfer"]["ap-northeast-2"] = offer(
        "AWSDataTransfer", [*lines, *(line(one, "ap-northeast-2") for one in zones)]
    )
    serve_aws(server, files)
    sku = "aws.data-transfer.inter-region"
    [problem] = refreshed(server, book).problems
    assert problem.expected == f"several prices of {sku} in ap-northeast-2: 0.08, 0.09"
    assert f"--accept {sku} keeps it" in problem.hint
    before = last(book)[sku, "ap-northeast-2"]
    result = refreshed(server, book, accept=[sku])
    assert result.problems == ()
    assert result.rows
    assert last(book)[sku, "ap-northeast-2"] == before
