"""What a Terraform plan changes, with the traffic of a scenario next to it, by arithmetic.

One kafka.m7g.large broker of MSK costs 0.1 USD an hour here, three cost 0.1 x 3 x 730 h = 219 USD a
month, six 438 USD; storage and traffic are free.
"""

from pathlib import Path

import pytest

from kafkatco import InputError, diff
from kafkatco.cli.main import main
from kafkatco.prices.rows import PriceRow
from kafkatco.review.sides import read_sides
from support.plans import change, msk, plan

UNITS = {
    "aws.msk.kafka.m7g.large": ("0.1", "USD,hour"),
    "aws.msk.storage": ("0", "USD,GiB-month"),
    "aws.msk.storage-throughput": ("0", "USD,MiB/s-month"),
    "aws.data-transfer.inter-az": ("0", "USD,GiB"),
    "aws.msk.serverless.cluster": ("1", "USD,hour"),
    "aws.msk.serverless.partition": ("0", "USD,hour"),
    "aws.msk.serverless.ingress": ("0", "USD,GiB"),
    "aws.msk.serverless.egress": ("0", "USD,GiB"),
    "aws.msk.serverless.storage": ("0", "USD,GiB-month"),
    "fx.usd.krw": ("1000", "KRW,USD"),
}


@pytest.fixture
def beside(tmp_path: Path) -> str:
    """A scenario next to the plan: its traffic, its prices, and a deployment that runs now."""
    header = ",".join(PriceRow._fields[:-1])
    book = tmp_path / "book"
    book.mkdir()
    rows = (
        f"{sku},any,{price},{unit},0,flat,2025-01-01,2025-01-01,https://example.org,official,\n"
        for sku, (price, unit) in UNITS.items()
    )
    (book / "ours.csv").write_text(header + "\n" + "".join(rows), encoding="utf-8")
    file = tmp_path / "ours.toml"
    file.write_text(
        f"""[workload]
ingress = "1 MB/s"
retention = "1 hour"
[conventions]
assumptions = "bare"
[prices]
book = "{book}"
as_of = 2026-01-31
[switching]
current = "now"
[[deployment]]
kind = "msk-standard"
name = "now"
region = "us-east-1"
instance = "kafka.m7g.large"
""",
        encoding="utf-8",
    )
    return str(file)


def test_the_change_of_a_plan_alone(tmp_path: Path, beside: str) -> None:
    path = plan(tmp_path / "plan.json", change("events", msk(3), msk(6)))
    base, head = read_sides(path, scenario=beside)
    result = diff(base, head, max_increase="100 %")
    assert result.total is not None
    assert (result.total.before, result.total.after) == pytest.approx((219, 438))
    [move] = result.deployments
    assert [(one.field, one.before, one.after) for one in move.fields] == [("brokers", "3", "6")]
    assert {part.name: part.amount for part in move.parts} == pytest.approx({"configuration": 219})
    assert result.verdict == "within"  # exactly as much as is allowed
    text = result.to_markdown()
    assert "each cluster is priced with that of ours.toml" in text
    assert "ingress 1 MB/s" in text


def test_created_destroyed_and_unchanged_clusters(tmp_path: Path, beside: str) -> None:
    path = plan(
        tmp_path / "plan.json",
        change("new", None, msk(6, "new")),
        change("old", msk(3, "old"), None),
        change("stays", msk(3, "stays"), msk(3, "stays")),
    )
    result = diff(*read_sides(path, scenario=beside))
    assert result.total is not None
    # they are one of a kind each, and so the old one is taken as the new one, with more brokers
    assert {move.name: (move.was, move.change) for move in result.deployments} == {
        "new": ("old", "changed"),
        "stays": ("", "same"),
    }
    assert (result.total.before, result.total.after) == pytest.approx((219 + 219, 438 + 219))


def test_a_first_cluster_and_a_last_one(tmp_path: Path, beside: str) -> None:
    created = plan(tmp_path / "a.json", change("events", None, msk(3)))
    first = diff(*read_sides(created, scenario=beside), max_increase="10 %")
    assert first.total is not None
    assert (first.total.before, first.total.after) == pytest.approx((0, 219))
    assert {p.name: p.amount for p in first.total.parts} == pytest.approx({"added": 219})
    assert first.verdict == "beyond"
    destroyed = plan(tmp_path / "b.json", change("events", msk(3), None))
    last = diff(*read_sides(destroyed, scenario=beside), max_increase="0 USD")
    assert last.total is not None
    assert last.total.difference == pytest.approx(-219)
    assert last.verdict == "within"


def test_two_plans_and_a_plan_against_a_scenario(tmp_path: Path, beside: str) -> None:
    one = plan(tmp_path / "one.json", change("events", None, msk(3)))
    two = plan(tmp_path / "two.json", change("events", None, msk(6)))
    result = diff(*read_sides(one, two, scenario=beside))
    assert result.total is not None
    assert result.total.difference == pytest.approx(219)
    # without --scenario the traffic is that of the side that is one; "now" is what the plan has
    mixed = diff(*read_sides(beside, two))
    assert mixed.total is not None
    assert (mixed.total.before, mixed.total.after) == pytest.approx((219, 438))
    [move] = mixed.deployments
    assert (move.name, move.was, move.change) == ("events", "now", "changed")


def test_a_deployment_of_the_same_name_says_what_a_plan_does_not(
    tmp_path: Path, beside: str
) -> None:
    file = Path(beside)
    text = file.read_text(encoding="utf-8").replace('"now"', '"events"')
    file.write_text(text + "discount = 0.1\n", encoding="utf-8")
    path = plan(tmp_path / "plan.json", change("events", msk(3), msk(6)))
    result = diff(*read_sides(path, scenario=beside))
    assert result.total is not None
    assert (result.total.before, result.total.after) == pytest.approx((0.9 * 219, 0.9 * 438))


def test_a_cluster_that_cannot_be_priced_is_named_and_not_zero(tmp_path: Path, beside: str) -> None:
    costly = msk(3, "costly")
    costly["broker_node_group_info"][0]["instance_type"] = "kafka.m7g.xlarge"
    path = plan(
        tmp_path / "plan.json", change("events", msk(3), msk(3)), change("costly", None, costly)
    )
    result = diff(*read_sides(path, scenario=beside), max_increase="10 %")
    assert result.total is not None
    assert result.total.unknown == ("costly",)
    assert result.verdict == "unknown"
    [move] = [move for move in result.deployments if move.name == "costly"]
    assert move.totals == (None, None)
    assert "got 'kafka.m7g.xlarge'" in move.open[1][0]


def test_a_plan_without_traffic_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = plan(tmp_path / "plan.json", change("events", msk(3), msk(6)))
    assert main(["diff", path]) == 2
    assert "a plan says nothing about traffic: add --scenario" in capsys.readouterr().err


def test_a_plan_without_a_cluster_is_refused(tmp_path: Path, beside: str) -> None:
    path = plan(tmp_path / "plan.json", change("events", None, None) | {"type": "aws_vpc"})
    with pytest.raises(InputError, match="has no Kafka cluster that kafkatco knows"):
        read_sides(path, scenario=beside)
