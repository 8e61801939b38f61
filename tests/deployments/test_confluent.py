"""Confluent Cloud Basic: eCKUs beyond the free one, bytes in, out and stored."""

from typing import Any

import pytest

from kafkatco import Catalogue, ConfluentBasic, PriceBook, Workload, bill

BASIC = ConfluentBasic(region="us-east-1")


def test_each_line(book: PriceBook, catalogue: Catalogue) -> None:
    # 100 MB/s in is 20 eCKUs of 5, 400 MB/s out 26.7 of 15, 300 partitions 10 of 30: 27 eCKUs
    load = Workload(
        ingress="100 MB/s", fanout=4, retention="6 h", peak_to_average=1, partitions=300
    ).operands()
    found = bill(BASIC, load, book, catalogue)
    assert found.sizing.count == 27
    assert found.sizing.bottleneck == "throughput-out"
    written_gib = 100e6 * 3600 * 730 / 2**30
    stored_gib = 100e6 * 3600 * 6 / 2**30
    costs = {line.sku: line.cost for line in found.lines}
    assert costs == {
        "confluent.basic.cluster": 0.0,
        "confluent.basic.ecku": pytest.approx(26 * 730 * 0.14),
        "confluent.basic.ingress": pytest.approx(written_gib * 0.05),
        "confluent.basic.egress": pytest.approx(written_gib * 4 * 0.05),
        "confluent.basic.storage": pytest.approx(stored_gib * 3 * 0.08),
    }


def test_the_first_ecku_is_free(book: PriceBook, catalogue: Catalogue) -> None:
    # 5 MB/s at peak fills one eCKU; any more takes a second
    for rate, billed in ((5.0, 0), (5.01, 1), (10.0, 1), (10.01, 2)):
        load = Workload(ingress=f"{rate} MB/s", peak_to_average=1, retention="1 h").operands()
        lines = bill(BASIC, load, book, catalogue).lines
        hours = [line.quantity for line in lines if line.sku == "confluent.basic.ecku"]
        assert hours == ([] if billed == 0 else [billed * 730.0])


def test_units_from_peak_or_average(catalogue: Catalogue) -> None:
    load = Workload(ingress="10 MB/s", peak_to_average=3, retention="1 h").operands()
    [peak] = BASIC.offers(load, catalogue)
    [average] = ConfluentBasic(region="us-east-1", units_from="average").offers(load, catalogue)
    assert (float(peak.sizing.count), float(average.sizing.count)) == (6.0, 2.0)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"ingress": "251 MB/s", "peak_to_average": 1, "retention": "1 h"},
         "ingress at peak: at most 250 MB/s in a Basic cluster"),
        ({"ingress": "76 MB/s", "fanout": 10, "peak_to_average": 1, "retention": "1 h"},
         "egress at peak: at most 750 MB/s in a Basic cluster"),
        ({"ingress": "1 MB/s", "partitions": 1501},
         "partitions: at most 1500 partition in a Basic cluster"),
        ({"ingress": "10 TB/month", "retention": "16 days"},
         "stored data: at most 5000 GB in a Basic cluster"),
    ],
)  # fmt: skip
def test_caps_are_infeasible_with_their_reason(
    fields: dict[str, Any], reason: str, book: PriceBook, catalogue: Catalogue
) -> None:
    found = bill(BASIC, Workload(**fields).operands(), book, catalogue)
    assert reason in found.infeasible
    assert found.total is None


def test_at_its_caps_it_still_serves(book: PriceBook, catalogue: Catalogue) -> None:
    load = Workload(
        ingress="250 MB/s", fanout=3, peak_to_average=1, retention="5 h", partitions=1500
    ).operands()
    found = bill(BASIC, load, book, catalogue)
    assert found.infeasible == ()
    assert found.sizing.count == 50


def test_the_ecku_as_billed(book: PriceBook, catalogue: Catalogue) -> None:
    load = Workload(ingress="10 MB/s", peak_to_average=1, retention="1 h").operands()
    billed = PriceBook("list", as_of=book.as_of, variants={"confluent.basic.ecku": "billed"})
    for prices, ecku in ((book, 0.14), (billed, 0.135)):
        [line] = [x for x in bill(BASIC, load, prices, catalogue).lines if x.component == "compute"]
        assert line.cost == pytest.approx(730 * ecku)


def test_units_that_are_given_must_carry_the_average(book: PriceBook, catalogue: Catalogue) -> None:
    two = ConfluentBasic(region="us-east-1", units=2)
    for rate, able in ((10.0, True), (10.1, False)):
        load = Workload(ingress=f"{rate} MB/s", fanout=0, retention="1 h").operands()
        assert (bill(two, load, book, catalogue).total is not None) is able
    many = Workload(ingress="1 MB/s", retention="1 h", partitions=61).operands()
    assert bill(two, many, book, catalogue).infeasible == ("2 eCKUs cannot sustain the average",)
