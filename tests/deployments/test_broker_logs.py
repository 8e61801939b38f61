"""Logs of brokers, by destination and retention.

CloudWatch Logs takes 0.50 USD a GiB in us-east-1, and S3 stores a GiB for 0.023 a month
(pricing/list/aws); the other prices are not in the tables, and here a user's own.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco import (
    Catalogue,
    InputError,
    MissingPriceError,
    MskExpress,
    MskServerless,
    MskStandard,
    PriceBook,
    SelfHosted,
    Workload,
)
from kafkatco.costing.bill import bill_of
from kafkatco.deployments import Deployment

AS_OF = "2026-10-31"
BOOK = PriceBook("list", as_of=AS_OF)
CATALOGUE = Catalogue(as_of=BOOK.as_of)
#: A user's own prices of what the tables have no price of.
OWN = PriceBook(
    "list",
    as_of=AS_OF,
    overrides={
        "aws.cloudwatch.logs-delivery": "0.25 USD/GiB",
        "aws.cloudwatch.logs-storage": "0.03 USD/GiB-month",
        "aws.firehose.data": "0.029 USD/GiB",
    },
)
LOAD = Workload(ingress="1 MB/s", peak_to_average=1, retention="1 h").operands()
STANDARD = MskStandard(region="us-east-1", instance="kafka.m7g.large")
EXPRESS = MskExpress(region="us-east-1", instance="express.m7g.large")
NODES = SelfHosted(region="us-east-1", instance="m7g.large", brokers=3)
EACH = pytest.mark.parametrize("deployment", [STANDARD, EXPRESS, NODES], ids=lambda x: x.kind)
INGESTED = {"aws.cloudwatch.logs": 50 * 0.50}
ONE_MONTH = "30 days"  # 720 of 730 hours


def near(value: Any) -> Any:
    return pytest.approx(value, rel=1e-9)


def logs_of(deployment: Deployment, book: PriceBook = OWN, **fields: Any) -> dict[str, float]:
    """Return the cost of logs by sku, of 50 GiB a month."""
    own = deployment.replace(broker_logs="50 GiB/month", **fields)
    lines = bill_of(own, LOAD, book, CATALOGUE).lines
    return {line.sku: line.cost for line in lines if line.component == "monitoring"}


@EACH
@pytest.mark.parametrize("clusters", [1, 2])
def test_logs_of_all_brokers_go_to_cloudwatch(deployment: Deployment, clusters: int) -> None:
    assert logs_of(deployment, BOOK, clusters=clusters) == near(INGESTED)
    assert "broker logs" in deployment.not_modelled(LOAD)
    own = deployment.replace(broker_logs="50 GiB/month")
    assert "broker logs" not in own.not_modelled(LOAD)
    assert "storage of broker logs" in own.not_modelled(LOAD)
    kept = own.replace(log_retention=ONE_MONTH)
    assert "storage of broker logs" not in kept.not_modelled(LOAD)


@EACH
def test_logs_are_stored_as_long_as_they_are_kept(deployment: Deployment) -> None:
    kept = 50 * 720 / 730  # GiB that are there at any time
    assert logs_of(deployment, log_retention=ONE_MONTH) == near(
        {**INGESTED, "aws.cloudwatch.logs-storage": kept * 0.03}
    )
    in_s3 = logs_of(deployment, log_destination="s3", log_retention=ONE_MONTH)
    assert in_s3["aws.s3.standard.storage"] == near(kept * 0.023)


@pytest.mark.parametrize("deployment", [STANDARD, EXPRESS], ids=lambda x: x.kind)
def test_msk_charges_for_delivery_to_s3_and_firehose(deployment: Deployment) -> None:
    delivery = {"aws.cloudwatch.logs-delivery": 50 * 0.25}
    assert logs_of(deployment, log_destination="s3") == near(delivery)
    through = {**delivery, "aws.firehose.data": 50 * 0.029}
    assert logs_of(deployment, log_destination="firehose") == near(through)


def test_own_brokers_write_to_s3_and_firehose_themselves() -> None:
    assert logs_of(NODES, BOOK, log_destination="s3") == {}
    assert logs_of(NODES, log_destination="firehose") == near({"aws.firehose.data": 50 * 0.029})


@pytest.mark.parametrize(
    ("fields", "sku"),
    [
        ({"log_retention": "1 day"}, "aws.cloudwatch.logs-storage"),
        ({"log_destination": "s3"}, "aws.cloudwatch.logs-delivery"),
        ({"log_destination": "firehose"}, "aws.firehose.data"),
    ],
)
def test_a_price_that_the_tables_do_not_have_is_asked_for(fields: dict[str, Any], sku: str) -> None:
    with pytest.raises(MissingPriceError, match=sku):
        logs_of(STANDARD, BOOK, **fields)


@pytest.mark.parametrize(
    ("kind", "fields", "where"),
    [
        (MskStandard, {"log_destination": "s3"}, "log_destination"),
        (MskExpress, {"log_retention": "1 day"}, "log_retention"),
        (
            MskExpress,
            {"broker_logs": "1 GB/day", "log_destination": "firehose", "log_retention": "1 day"},
            "log_retention",
        ),
        (
            SelfHosted,
            {"cloud": "gcp", "region": "us-central1", "broker_logs": "1 GB/day"},
            "broker_logs",
        ),
    ],
)
def test_logs_that_nobody_keeps_are_refused(
    kind: type[Deployment], fields: dict[str, Any], where: str
) -> None:
    with pytest.raises(InputError) as caught:
        kind(**{"region": "us-east-1", **fields})
    assert [problem.where for problem in caught.value.problems] == [where]


def test_a_serverless_cluster_has_no_logs() -> None:
    assert "broker logs" in MskServerless(region="us-east-1").not_modelled(LOAD)


@given(gib=st.floats(0, 1000), days=st.floats(0, 400), more=st.floats(0, 100))
def test_more_logs_kept_for_longer_never_cost_less(gib: float, days: float, more: float) -> None:
    def cost(gib: float, days: float) -> float:
        own = STANDARD.replace(broker_logs=f"{gib} GiB/month", log_retention=f"{days} days")
        lines = bill_of(own, LOAD, OWN, CATALOGUE).lines
        return sum(line.cost or 0.0 for line in lines if line.component == "monitoring")

    least = cost(gib, days)
    assert least == pytest.approx(gib * (0.50 + 0.03 * days * 24 / 730), rel=1e-6, abs=1e-6)
    assert cost(gib + more, days) >= least - 1e-9
    assert cost(gib, days + more) >= least - 1e-9
