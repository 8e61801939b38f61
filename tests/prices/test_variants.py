"""Where sources contradict each other: a choice by name, with a stated default."""

import pytest

from kafkatco import InputError, MskExpress, PriceBook, Workload
from kafkatco.costing.bill import bill_of
from kafkatco.prices.rows import CapacityRow
from kafkatco.prices.variants import options


def book(**variants: str) -> PriceBook:
    named = {key.replace("__", "."): option for key, option in variants.items()}
    return PriceBook("list", as_of="2025-10-31", variants=named)


def price(prices: PriceBook, sku: str, region: str = "us-east-1") -> str:
    return str(prices.price(sku, region)[0].price)


def test_the_price_page_counts_unless_the_script_is_chosen() -> None:
    # the price page: 0.06 and 6.73; AWS's sizing script: 0.023 and 6.72
    chosen = PriceBook(
        "list", as_of="2025-10-31", variants={"aws.msk.tiered-storage": "sizing-script"}
    )
    assert price(book(), "aws.msk.tiered-storage") == "0.06"
    assert price(chosen, "aws.msk.tiered-storage") == "0.023"
    assert price(chosen, "aws.msk.kafka.m5.16xlarge") == "6.73"
    assert chosen.sha256 != book().sha256


def test_the_beginning_of_a_key_chooses_all_figures_of_a_source() -> None:
    chosen = PriceBook("list", as_of="2025-10-31", variants={"aws.msk": "sizing-script"})
    assert price(chosen, "aws.msk.tiered-storage") == "0.023"
    assert price(chosen, "aws.msk.kafka.m5.16xlarge") == "6.72"
    assert price(chosen, "aws.msk.tiered-storage", "ap-northeast-2") == "0.0652"  # it is silent
    # the guide: 31.2 MB/s sustained; the script: 39.0625 MiB/s
    machine = "aws.msk.express.m7g.large"
    assert chosen.catalogue().value(machine, "egress") == 39.0625
    assert book().catalogue().value(machine, "egress") == pytest.approx(31.2e6 / 2**20)


def test_a_capacity_that_is_chosen_counts_in_a_bill() -> None:
    # sustained egress of a broker: 31.2 MB/s of the guide, 39.0625 MiB/s of AWS's script
    load = Workload(ingress="100 MB/s", fanout=3, retention="1 h", partitions=10)
    deployment = MskExpress(region="us-east-1", instance="express.m7g.large")
    script = PriceBook("list", as_of="2025-10-31", variants={"aws.msk.express": "sizing-script"})
    requirements = [
        bill_of(deployment, load, prices).sizing.requirements["throughput-out"]
        for prices in (book(), script)
    ]
    assert requirements[0] == pytest.approx(requirements[1] * 39.0625 * 2**20 / 31.2e6)


def test_the_ends_of_a_range_are_below_and_above_the_default() -> None:
    default = PriceBook("list", as_of="2026-10-31")
    skus = {*default.ranges} & {*default.skus()}
    assert {"confluent.enterprise.ecku", "confluent.freight.egress"} <= skus
    for sku in skus:
        for region in default.regions_of(sku):
            low, own, high = (
                one.price(sku, region) for one in (default.low, default, default.high)
            )
            assert len(low) == len(own) == len(high) == 1  # ends of tiers could cross
            prices = [float(row.price or 0) for [row] in (low, own, high)]
            assert prices[0] > 0
            assert prices == sorted(prices)
            assert prices[0] != prices[2]


def test_an_end_stays_an_end_on_another_date() -> None:
    low = PriceBook("list", as_of="2026-10-31").low.at(as_of="2026-09-30")
    assert price(low, "confluent.freight.egress") == "0.014"
    assert (low.ranges, low.low.ranges) == ({}, {})


def test_sources_that_contradict_each_other_are_no_range() -> None:
    # AWS's own sizing script bills one copy of Express, and its guide is about a metric
    ranges = PriceBook("list", as_of="2026-10-31").ranges
    assert not [figure for figure in ranges if not figure.startswith("confluent.")]
    assert "confluent.basic.ecku" not in ranges


def test_every_default_has_a_row_and_every_variant_has_a_reason() -> None:
    prices, limits = book(), book().catalogue()
    known = options(prices.skus(), prices.as_of)
    assert len(known) > 20
    for key, words in known.items():
        machine, _, attribute = key.rpartition(".")
        regions = {region for word in words for region in prices.regions_of(f"{key}~{word}")}
        for region in regions:
            assert prices.listed(key, region), key
        if not regions:
            assert limits.listed(machine, attribute) is not None, key
            for word in words:
                row = limits.listed(machine, f"{attribute}~{word}")
                assert isinstance(row, CapacityRow)
                assert row.source
                assert row.note


def test_the_longer_key_wins_whatever_the_order() -> None:
    choices = [("onprem.server", "average"), ("onprem", "later")]
    for order in (choices, choices[::-1]):
        chosen = PriceBook("list", as_of="2025-10-31", variants=dict(order))
        assert chosen.variants["onprem.server"] == "average"


def test_a_choice_of_a_date_on_which_there_was_none() -> None:
    with pytest.raises(InputError, match="a figure with variants"):
        PriceBook("list", as_of="2020-01-31", variants={"aws.msk": "sizing-script"})


@pytest.mark.parametrize(
    ("variants", "expected"),
    [
        ({"aws.msk.tierd-storage": "x"}, "Did you mean 'aws.msk.tiered-storage'"),
        ({"aws.msk.tiered-storage": "script"}, "Did you mean 'sizing-script'"),
        ({"aws.msk": 3}, "Valid: deducted, replicated, sizing-script, twice-standard, zookeeper"),
    ],
)
def test_an_unknown_choice_names_the_known(variants: dict[str, str], expected: str) -> None:
    with pytest.raises(InputError, match=expected):
        PriceBook("list", as_of="2025-10-31", variants=variants)
