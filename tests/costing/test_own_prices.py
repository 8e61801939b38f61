"""The user's own prices in bills: marked, and named if no deployment bills them."""

import json
from typing import Any

import pytest

from kafkatco import (
    ConfluentBasic,
    ConfluentStandard,
    Instaclustr,
    Labour,
    MskStandard,
    PriceBook,
    SelfHosted,
    Workload,
    bill,
    export,
)
from kafkatco.finops.focus_rows import period, rows_of
from kafkatco.output.views.bill import bills_dict

LOAD = Workload(ingress="1 MB/s")


def unused(overrides: dict[str, str], *deployments: Any, load: Workload = LOAD) -> list[str]:
    """Return the overrides that no deployment bills."""
    book = PriceBook(as_of="2026-10-31", overrides=overrides)
    return [*bill(load, [*deployments], book).unused_overrides]


def test_an_override_that_nothing_bills_has_a_note() -> None:
    book = PriceBook(
        as_of="2026-10-31",
        overrides={
            "gcp.managed-kafka.dcu": "5 USD/hour",
            "confluent.basic.egress": "0.01 USD/GiB",
            "aws.ec2.m5.large": "3 USD/hour",
        },
    )
    bills = bill(LOAD, [ConfluentBasic(region="us-east-1")], book)
    assert [*bills.unused_overrides] == ["gcp.managed-kafka.dcu", "aws.ec2.m5.large"]
    text = bills.unused_overrides["aws.ec2.m5.large"]
    assert text == "the override of 'aws.ec2.m5.large' has no effect: no deployment bills it"
    [first, second] = json.loads(json.dumps(bills_dict(bills)))["unused_overrides"]
    assert first["sku"] == "gcp.managed-kafka.dcu"
    assert second == {"sku": "aws.ec2.m5.large", "note": text}


def test_the_note_has_the_nearest_sku_and_why_the_list_price_is_zero() -> None:
    # organisations since 2024-04-16 pay eCKUs instead of partitions (the note of the table's row)
    book = PriceBook(as_of="2026-10-31", overrides={"confluent.basic.partition": "0.0044 USD/hour"})
    bills = bill(LOAD, [ConfluentBasic(region="us-east-1")], book)
    text = bills.unused_overrides["confluent.basic.partition"]
    assert "list price 0: eCKUs replace partitions" in text
    assert "Did you mean 'confluent.basic." in text
    near = bill(
        LOAD,
        [SelfHosted(region="us-east-1", instance="m5.2xlarge")],
        PriceBook(as_of="2026-10-31", overrides={"aws.ec2.m5.xlarge": "1 USD/hour"}),
    ).unused_overrides
    assert "'aws.ec2.m5.2xlarge'" in near["aws.ec2.m5.xlarge"]


def test_overrides_of_candidates_agreements_and_rates_are_used() -> None:
    basic = ConfluentBasic(region="us-east-1")
    # this load needs the free eCKU only, and another load more
    assert unused({"confluent.basic.ecku": "1 USD/hour"}, basic) == []
    # one of the candidates, though not the cheapest
    assert (
        unused({"aws.msk.kafka.m7g.16xlarge": "99 USD/hour"}, MskStandard(region="us-east-1")) == []
    )
    rates = {"aws.ec2.m5.large": "0.1 USD/hour", "aws.ec2.m5.large@1-year": "0.07 USD/hour"}
    node = SelfHosted(region="us-east-1", instance="m5.large", commitment="1-year")
    assert unused(rates, node) == []
    without = SelfHosted(region="us-east-1", instance="m5.large")
    assert unused(rates, without) == ["aws.ec2.m5.large@1-year"]
    support = {"confluent.support.business.minimum": "1 USD/month"}
    assert unused(support, ConfluentStandard(region="us-east-1", support="business")) == []
    assert unused(support, ConfluentStandard(region="us-east-1")) == [*support]
    paid = ConfluentBasic(region="us-east-1", labour=Labour(fte=1, monthly="5000000 KRW"))
    assert unused({"fx.usd.krw": "1300 KRW/USD"}, paid) == []
    assert unused({"fx.usd.krw": "1300 KRW/USD"}, basic) == ["fx.usd.krw"]


def test_an_override_that_a_field_replaces_is_not_used() -> None:
    wages = {"labour.devops-engineer": "9000 USD/month"}
    team = ConfluentBasic(region="us-east-1", labour=Labour(fte=1))
    assert unused(wages, team) == []
    own = ConfluentBasic(region="us-east-1", labour=Labour(fte=1, monthly="5000 USD"))
    assert unused(wages, own) == [*wages]


def test_your_own_prices_are_marked_everywhere() -> None:
    book = PriceBook(as_of="2026-10-31", overrides={"confluent.basic.egress": "0.01 USD/GiB"})
    bills = bill(LOAD, [ConfluentBasic(region="us-east-1")], book)
    [one] = bills
    marked = {line.sku: line.yours for line in one.lines}
    assert [sku for sku, yours in marked.items() if yours] == ["confluent.basic.egress"]
    lines = bills_dict(bills)["deployments"][0]["lines"]
    assert {line["sku"]: line["yours"] for line in lines} == marked
    frame = one.to_pandas()
    assert dict(zip(frame["sku"], frame["yours"], strict=True)) == marked
    text = one.to_markdown()
    assert "0.01\\*" in text or "0.01*" in text
    assert "your own price" in text
    assert "your own price" in one._repr_html_()
    for row in rows_of(one, period("2026-10"), people=None, account="ours"):
        own = row["SkuId"] == "confluent.basic.egress"
        assert (row["x_PriceConfidence"] == "user") == own
        assert (row["x_PriceSource"] == "override in the scenario") == own


def test_list_prices_have_no_mark(tmp_path: Any) -> None:
    bills = bill(LOAD, [ConfluentBasic(region="us-east-1")], PriceBook(as_of="2026-10-31"))
    assert "your own price" not in bills.to_markdown()
    assert "*" not in bills[0]._repr_html_()
    export(bills, tmp_path / "bill.csv")
    header, *rows = (tmp_path / "bill.csv").read_text(encoding="utf-8").splitlines()
    assert "yours" in header.split(",")
    assert rows


def test_quotes_and_salaries_are_your_own_prices() -> None:
    team = Labour(fte=1, monthly="5000 USD")
    quoted = Instaclustr(region="us-east-1", quote="450 USD/month", nodes=3, labour=team)
    [one] = bill(LOAD, [quoted], PriceBook(as_of="2026-10-31"))
    assert {line.component for line in one.lines if line.yours} == {"compute", "labour"}


@pytest.mark.parametrize("replication", [1, 2, 5])
def test_a_replication_factor_without_effect_has_a_note(replication: int) -> None:
    load = Workload(ingress="1 MB/s", replication_factor=replication)
    book = PriceBook(as_of="2026-10-31")
    [one] = bill(load, [ConfluentBasic(region="us-east-1")], book)
    [usual] = bill(LOAD, [ConfluentBasic(region="us-east-1")], book)
    assert one.total == usual.total
    text = "the replication factor has no effect: the service always keeps 3 copies"
    path = "traffic between NAT gateways and the service is not billed"
    assert one.notes == (path, text)
    assert usual.notes == (path,)
    assert text in one.to_markdown()
    assert one.to_dict()["notes"] == [path, text]
    [own] = bill(load, [SelfHosted(region="us-east-1", instance="m5.large")], book)
    assert own.notes == ()
