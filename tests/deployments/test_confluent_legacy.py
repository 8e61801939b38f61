"""Confluent's billing of organisations of before 2024-04-16: base fee, partitions, bytes.

Prices are those of 2021 and 2022 in us-east-1 (pricing/list/confluent): Standard 1,095 USD a month,
0.0015 an hour and partition beyond 500, 0.13 a GiB in, 0.06 out and 0.10 a GiB-month of three
copies; Basic no base fee, 0.004 an hour and partition beyond 10, 0.13 in, 0.13 out, 0.10 stored.
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafkatco import (
    ConfluentBasic,
    ConfluentStandard,
    InputError,
    MissingPriceError,
    PriceBook,
    Workload,
)
from kafkatco.costing.bill import bill_of
from support.plain import PLAIN

OLD = PriceBook("list", as_of="2023-06-30", assumptions=PLAIN)
GIB = 1024.0 * 3600 * 730 / 1024.0**2  # of 1 MiB/s in a month


def load(**changes: Any) -> Workload:
    given = {"ingress": "1 MiB/s", "fanout": 2, "retention": "24 h", "peak_to_average": 1.0}
    return Workload(**{**given, "message_size": "1 KiB", **changes})


def costs(deployment: Any, workload: Workload, book: PriceBook = OLD) -> dict[str, float]:
    bill = bill_of(deployment, workload.operands(), book)
    assert bill.infeasible == ()
    return {line.sku.rpartition(".")[2]: line.cost for line in bill.lines if line.cost}


def standard(**changes: Any) -> ConfluentStandard:
    return ConfluentStandard(region="us-east-1", billing="legacy", access="none", **changes)


def basic(**changes: Any) -> ConfluentBasic:
    return ConfluentBasic(region="us-east-1", billing="legacy", access="none", **changes)


def test_standard_by_hand() -> None:
    # a day of 1 MiB/s is 84.375 GiB, in three copies
    assert costs(standard(), load(partitions=600)) == {
        "cluster": pytest.approx(1095.0),
        "partition": pytest.approx(100 * 730 * 0.0015),  # 109.50
        "ingress": pytest.approx(GIB * 0.13),
        "egress": pytest.approx(2 * GIB * 0.06),
        "storage": pytest.approx(3 * 84.375 * 0.10),
    }


def test_basic_by_hand() -> None:
    assert costs(basic(), load(partitions=60)) == {
        "partition": pytest.approx(50 * 730 * 0.004),  # 146.00
        "ingress": pytest.approx(GIB * 0.13),
        "egress": pytest.approx(2 * GIB * 0.13),
        "storage": pytest.approx(3 * 84.375 * 0.10),
    }


@pytest.mark.parametrize(("partitions", "paid"), [(499, 0), (500, 0), (501, 1)])
def test_the_first_partitions_of_standard_are_free(partitions: int, paid: int) -> None:
    found = costs(standard(), load(partitions=partitions)).get("partition", 0.0)
    assert found == pytest.approx(paid * 730 * 0.0015)


@pytest.mark.parametrize(("partitions", "paid"), [(9, 0), (10, 0), (11, 1)])
def test_the_first_partitions_of_basic_are_free(partitions: int, paid: int) -> None:
    found = costs(basic(), load(partitions=partitions)).get("partition", 0.0)
    assert found == pytest.approx(paid * 730 * 0.004)


def test_each_cluster_has_its_base_fee_and_free_partitions() -> None:
    # two clusters of 600 partitions each
    found = costs(standard(clusters=2), load(partitions=1200))
    assert found["cluster"] == pytest.approx(2 * 1095.0)
    assert found["partition"] == pytest.approx(2 * 100 * 730 * 0.0015)


@pytest.mark.parametrize(("date", "known"), [("2024-04-15", True), ("2024-04-16", False)])
@pytest.mark.parametrize("deployment", [standard(), basic()])
def test_prices_end_when_ecku_billing_began(date: str, known: bool, deployment: Any) -> None:
    book = PriceBook("list", as_of=date, assumptions=PLAIN)
    if known:
        assert costs(deployment, load(partitions=600)) == costs(
            deployment, load(partitions=600), book
        )
        return
    prefix = rf"confluent\.{deployment.tier}\.legacy\."
    with pytest.raises(MissingPriceError, match=rf"{prefix}.*\[prices\.override\].*{prefix}"):
        bill_of(deployment, load(partitions=600).operands(), book)


@pytest.mark.parametrize(("date", "known"), [("2022-10-02", False), ("2022-10-03", True)])
def test_prices_of_standard_begin_with_the_list_of_2022(date: str, known: bool) -> None:
    book = PriceBook("list", as_of=date, assumptions=PLAIN)
    if known:
        assert costs(standard(), load(), book)["cluster"] == pytest.approx(1095.0)
        return
    with pytest.raises(MissingPriceError, match="first row is dated 2022-10-03"):
        bill_of(standard(), load().operands(), book)


def test_an_older_organisation_bills_today_at_its_own_prices() -> None:
    own = {
        "confluent.standard.legacy.cluster": "1000 USD/month",
        "confluent.standard.legacy.partition": "0.002 USD/hour",
        "confluent.standard.legacy.ingress": "0.11 USD/GiB",
        "confluent.standard.legacy.egress": "0.07 USD/GiB",
        "confluent.standard.legacy.storage": "0.09 USD/GiB/month",
    }
    today = PriceBook("list", as_of="2026-10-31", assumptions=PLAIN, overrides=own)
    assert costs(standard(), load(partitions=600), today) == {
        "cluster": pytest.approx(1000.0),
        "partition": pytest.approx(100 * 730 * 0.002),
        "ingress": pytest.approx(GIB * 0.11),
        "egress": pytest.approx(2 * GIB * 0.07),
        "storage": pytest.approx(3 * 84.375 * 0.09),
    }


@pytest.mark.parametrize(
    ("deployment", "at", "beyond", "reason"),
    [
        (
            basic(),
            {"ingress": "100 MB/s"},
            {"ingress": "100.1 MB/s"},
            "ingress at peak: at most 100",
        ),
        (basic(), {"partitions": 2048}, {"partitions": 2049}, "partitions: at most 2,048"),
        (standard(), {"partitions": 4096}, {"partitions": 4097}, "partitions: at most 4,096"),
        (
            standard(),
            {"ingress": "250 MB/s"},
            {"ingress": "251 MB/s"},
            "ingress at peak: at most 250",
        ),
    ],
)
def test_limits(deployment: Any, at: Any, beyond: Any, reason: str) -> None:
    small = {"retention": "1 h", "fanout": 1, "message_size": "100 KiB"}
    assert bill_of(deployment, load(**{**small, **at}).operands(), OLD).infeasible == ()
    [found] = bill_of(deployment, load(**{**small, **beyond}).operands(), OLD).infeasible[:1]
    assert found.startswith(reason)


def test_units_are_not_of_legacy_billing() -> None:
    with pytest.raises(InputError, match='units: got 2; expected not set, with billing = "legacy"'):
        standard(units=2)


@given(
    partitions=st.integers(1, 4000),
    more=st.integers(0, 96),
    rate=st.floats(0.1, 50.0),
    faster=st.floats(1.0, 4.0),
)
@settings(max_examples=30, deadline=None)
def test_more_never_costs_less(partitions: int, more: int, rate: float, faster: float) -> None:
    def total(count: int, mib_s: float) -> float:
        workload = load(partitions=count, ingress=f"{mib_s!r} MiB/s", message_size="100 KiB")
        return sum(costs(standard(), workload).values())

    assert total(partitions, rate) <= total(partitions + more, rate * faster) * (1 + 1e-12)
