"""A region without published prices: the error names the prices that make it usable."""

import re
from typing import Any

import pytest

from kafkatco import InputError, PriceBook, Scenario
from kafkatco.deployments import KINDS

#: Regions that no provider has, in the form of each cloud's names.
NOWHERE = {"aws": "xx-west-9", "azure": "marsnorth9", "gcp": "mars-south9", "on-prem": "mars"}
#: A user's own price in the unit of the error: the hint has the unit, not the amount.
AMOUNT = "0.01"
LINE = re.compile(r'"([\w.@-]+)" = "\.\.\. ([^"]+)"')
EVERYTHING: dict[str, Any] = {
    "connector_tasks": 4,
    "schema_registry": True,
    "stream_processing_units": 2,
    "replica_regions": 1,
    "internet_egress": 0.1,
}


def clouds_of(kind: str) -> tuple[str, ...]:
    """Return the clouds of a kind that have regions with other names."""
    model = KINDS[kind]
    example = model(region="any", **model.examples[0])
    if kind == "self-hosted" or kind == "instaclustr":
        return tuple(NOWHERE)
    if "cloud" in model.model_fields and kind != "confluent-freight":
        return ("aws", "azure", "gcp")
    return (example.home.name,)


OPTIONS = [(kind, cloud) for kind in KINDS for cloud in clouds_of(kind)]


def scenario(
    kind: str, cloud: str, overrides: dict[str, str], workload: dict[str, Any], **fields: Any
) -> Scenario:
    """Return a scenario of one deployment in a region that does not exist."""
    model = KINDS[kind]
    deployment = {**model.examples[0], "kind": kind, "region": NOWHERE[cloud], **fields}
    if "cloud" in model.model_fields:
        deployment["cloud"] = cloud
    data = {
        "workload": {"ingress": "5 MB/s", "retention": "1 day", "fanout": 2, **workload},
        "prices": {"as_of": "2026-10-31", "override": overrides},
        "deployment": [deployment],
    }
    return Scenario.from_dict(data)


def named(*arguments: Any, **fields: Any) -> dict[str, str]:
    """Return the prices that the error of a scenario names, with an amount."""
    try:
        scenario(*arguments, **fields)
    except InputError as error:
        lines = [match for problem in error.problems for match in LINE.findall(str(problem))]
        return {sku: f"{AMOUNT} {unit}" for sku, unit in lines}
    return {}


@pytest.mark.parametrize(("kind", "cloud"), OPTIONS)
@pytest.mark.parametrize("workload", [{}, EVERYTHING], ids=["plain", "everything"])
def test_the_prices_that_are_named_make_a_region_usable(
    kind: str, cloud: str, workload: dict[str, Any]
) -> None:
    own = named(kind, cloud, {}, workload)
    if kind not in ("aiven", "instaclustr"):  # their own prices are the same everywhere
        assert own
    ours = scenario(kind, cloud, own, workload)
    [bill] = ours.bills()
    assert bill.region == NOWHERE[cloud]
    assert not bill.infeasible
    assert not bill.unpriced_skus
    assert ours.unused_overrides == {}
    assert {line.sku for line in bill.lines if line.yours} <= {*own, "instaclustr.kafka.node"}
    # growth and crossovers need more traffic than the bill
    assert bill.total is not None
    assert bill.total > 0
    [curve] = ours.crossovers(start="0.1 TB/month", stop="20 TB/month").curves
    assert curve is not None


@pytest.mark.parametrize("commitment", ["1-year", "3-year-savings-plan"])
def test_they_include_the_rates_of_a_commitment_and_a_support_plan(commitment: str) -> None:
    fields = {"commitment": commitment, "support": "business", "instance": "m5.2xlarge"}
    own = named("self-hosted", "aws", {}, {}, **fields)
    assert {"aws.ec2.m5.2xlarge", f"aws.ec2.m5.2xlarge@{commitment}"} <= own.keys()
    [bill] = scenario("self-hosted", "aws", own, {}, **fields).bills()
    assert bill.total is not None


def test_only_one_type_is_named_of_hundreds() -> None:
    own = named("self-hosted", "aws", {}, {})
    assert len([sku for sku in own if sku.startswith("aws.ec2.")]) == 1
    assert len(own) < 10


def test_units_and_currencies_are_those_of_the_tables() -> None:
    book = PriceBook(as_of="2026-10-31")
    with pytest.raises(InputError) as caught:
        scenario("msk-standard", "aws", {}, {}, instance="kafka.m7g.large")
    [problem] = caught.value.problems
    assert problem.where == "deployment 'msk-standard'.region"
    assert problem.given == "'xx-west-9'"
    [row] = book.price("aws.msk.storage", "us-east-1")
    assert (row.unit, row.currency) == ("GiB-month", "USD")
    assert '"aws.msk.storage" = "... USD/GiB/month"' in problem.hint
    assert '"aws.msk.kafka.m7g.large" = "... USD/hour"' in problem.hint


def test_one_missing_price_in_a_region_with_others() -> None:
    # Confluent's list has Basic in Ireland, and add-ons in Virginia only
    with pytest.raises(InputError) as caught:
        Scenario.from_dict(
            {
                "workload": {"ingress": "1 MB/s", "stream_processing_units": 1},
                "prices": {"as_of": "2026-10-31"},
                "deployment": [{"kind": "confluent-basic", "region": "eu-west-1"}],
            }
        )
    text = str(caught.value)
    assert "no price of 'confluent.flink.cfu' in region 'eu-west-1'" in text
    assert "It has a price in: us-east-1." in text
    assert 'Set your own price: [prices.override] "confluent.flink.cfu" = "... USD/hour".' in text


def test_regions_of_other_clouds_are_not_valid() -> None:
    # the book has Confluent Basic in us-east1, which is Google's
    with pytest.raises(InputError) as caught:
        scenario("confluent-basic", "aws", {}, {})
    [problem] = caught.value.problems
    regions = problem.expected.partition(": ")[2].split(", ")
    assert "us-east-1" in regions
    assert "us-east1" not in regions
    with pytest.raises(InputError) as caught:
        scenario("confluent-basic", "azure", {}, {})
    [problem] = caught.value.problems
    assert problem.expected == "another cloud: book 'list' has no prices for azure"
