"""Bills: one-off lines, discounts, unpriced skus, sources, and their tables."""

import json
from pathlib import Path

import pytest

from kafkatco import Catalogue, ConfluentBasic, Labour, MskStandard, PriceBook, SelfHosted, Workload
from kafkatco.costing.bill import bill_of
from kafkatco.output.views.bill import bills_dict
from kafkatco.sizing.quantities import COMPONENTS
from support.plain import PLAIN

LOAD = Workload(ingress="1 MiB/s", retention="1 day").operands()


def test_people_and_setup(book: PriceBook, catalogue: Catalogue) -> None:
    bill = bill_of(
        ConfluentBasic(
            region="us-east-1", labour=Labour(fte=0.5, monthly="5000 USD", setup="8 weeks")
        ),
        LOAD,
        book,
        catalogue,
    )
    [labour] = [line for line in bill.lines if line.component == "labour"]
    assert labour.cost == 2500.0
    # 8 weeks of one person are 8 x 168 h of a 730 h month
    [setup] = bill.one_off
    assert setup.component == "setup"
    assert setup.cost == pytest.approx(8 * 168 / 730 * 5000)
    assert bill.one_off_total == setup.cost
    assert bill.total == pytest.approx(sum(line.cost for line in bill.lines))


def test_without_a_salary_the_book_has_one(catalogue: Catalogue) -> None:
    won = PriceBook("list", as_of="2025-10-31", currency="KRW", assumptions=PLAIN)
    staff = Labour(fte=1.0, region="kr")
    bill = bill_of(ConfluentBasic(region="us-east-1", labour=staff), LOAD, won, catalogue)
    [labour] = [line for line in bill.lines if line.component == "labour"]
    # 50,990,000 KRW a year / 12 x 1.19 of employer cost
    assert labour.cost == pytest.approx(50_990_000 / 12 * 1.19, abs=1)
    assert labour.row is not None
    assert "busan.com" in labour.row.source


def test_a_salary_in_another_currency(catalogue: Catalogue) -> None:
    own = PriceBook("article", as_of="2025-10-31", currency="USD")
    bill = bill_of(
        ConfluentBasic(region="us-east-1", labour=Labour(fte=1.0, monthly="1419000 KRW")),
        LOAD,
        own,
        catalogue,
    )
    [labour] = [line for line in bill.lines if line.component == "labour"]
    assert labour.cost == pytest.approx(1000.0)


def test_a_discount_is_a_separate_line(book: PriceBook, catalogue: Catalogue) -> None:
    people = Labour(fte=1.0, monthly="1000 USD", setup="2 weeks")
    full = bill_of(MskStandard(region="us-east-1", labour=people), LOAD, book, catalogue)
    less = bill_of(
        MskStandard(region="us-east-1", labour=people, discount=0.25), LOAD, book, catalogue
    )
    [discount] = [line for line in less.lines if line.component == "discount"]
    assert full.total is not None
    assert discount.cost == pytest.approx(-0.25 * (full.total - 1000))
    assert less.total == pytest.approx(full.total + discount.cost)
    [setup] = less.one_off  # people are not discounted, nor is setting up
    assert setup.cost == pytest.approx(2 * 168 / 730 * 1000)
    assert discount.quantity * (discount.unit_price or 0) == discount.cost


def test_an_unpriced_sku_makes_the_total_a_floor(catalogue: Catalogue) -> None:
    own = PriceBook("article", as_of="2025-10-31", currency="KRW")
    bill = bill_of(
        MskStandard(region="ap-northeast-2", instance="kafka.t3.small"), LOAD, own, catalogue
    )
    assert bill.unpriced_skus == ("aws.msk.storage", "aws.data-transfer.inter-az")
    for line in bill.lines:
        if line.sku in bill.unpriced_skus:
            assert line.unit_price is None
            assert line.cost is None
            assert line.quantity > 0
    # 3 x 50 USD x 1,419
    assert bill.total == pytest.approx(212_850)


def test_a_floor_does_not_win_over_a_complete_total(tmp_path: Path, catalogue: Catalogue) -> None:
    header = (
        "sku,region,price,currency,unit,tier_from,tier_kind,valid_from,retrieved_on,source,"
        "confidence,note\n"
    )
    row = "{},any,{},USD,{},0,{},2025-01-01,2026-01-01,https://example.org,official,\n"
    rows = [
        ("aws.msk.kafka.m7g.large", "0.2", "hour", "flat"),
        ("aws.msk.kafka.m7g.16xlarge", "", "hour", "open"),
        ("aws.msk.storage", "0.1", "GiB-month", "flat"),
        ("aws.data-transfer.inter-az", "0.01", "GiB", "flat"),
    ]
    text = "".join(row.format(*cells) for cells in rows)
    (tmp_path / "x.csv").write_text(header + text, encoding="utf-8")
    ours = PriceBook(tmp_path, as_of="2025-10-31", assumptions=PLAIN)
    bill = bill_of(MskStandard(region="us-east-1"), LOAD, ours, catalogue)
    assert bill.sizing.details["instance"] == "kafka.m7g.large"
    assert bill.unpriced_skus == ()


def test_every_line_has_its_source(book: PriceBook, catalogue: Catalogue) -> None:
    bill = bill_of(SelfHosted(region="us-east-1", instance="m5.large"), LOAD, book, catalogue)
    rows = bill.sources()
    assert [row.sku for row in rows] == [line.sku for line in bill.lines]
    assert all(row.source and row.valid_from <= book.as_of for row in rows)
    assert all(line.component in COMPONENTS for line in bill.lines)


def test_json_is_the_contract(book: PriceBook, catalogue: Catalogue) -> None:
    bill = bill_of(
        SelfHosted(
            name="our cluster",
            region="us-east-1",
            instance="m5.2xlarge",
            brokers=9,
            disk_headroom=0.0,
        ),
        Workload(ingress="100 MB/s", fanout=3).operands(),
        book,
        catalogue,
    )
    data = json.loads(json.dumps(bills_dict([bill]), allow_nan=False))
    assert data["prices"].keys() == {"book", "as_of", "sha256"}
    assert data["capacities"] == {"sha256": catalogue.sha256}
    assert data["currency"] == "USD"
    [plain] = data["deployments"]
    assert (plain["name"], plain["kind"], plain["region"]) == (
        "our cluster",
        "self-hosted",
        "us-east-1",
    )
    assert plain["sizing"]["brokers"] == 9
    assert plain["total"] == pytest.approx(sum(line["cost"] for line in plain["lines"]))
    first = plain["lines"][0]
    assert {k: first[k] for k in ("component", "sku", "quantity", "unit", "unit_price")} == {
        "component": "compute",
        "sku": "aws.ec2.m5.2xlarge",
        "quantity": 6570,
        "unit": "hour",
        "unit_price": 0.384,
    }
    assert first["cost"] == pytest.approx(2522.88)
    assert bill.to_dict() == bills_dict([bill])["deployments"][0]


def test_a_bill_shows_itself(book: PriceBook, catalogue: Catalogue) -> None:
    deployment = ConfluentBasic(name="<b>&", region="us-east-1")
    bill = bill_of(deployment, LOAD, book, catalogue)
    html = bill._repr_html_()
    assert "&lt;b&gt;&amp;" in html
    assert "<b>&" not in html
    assert list(bill.to_pandas()["sku"]) == [line.sku for line in bill.lines]
    blocked = bill_of(deployment, Workload(ingress="1 GB/s").operands(), book, catalogue)
    assert "cannot handle the load" in blocked._repr_html_()
    assert blocked.to_dict()["total"] is None


def test_wages_of_another_country(book: PriceBook) -> None:
    # BLS of May 2022: 132,930 USD a year, where wages are 70.2 % of the employer's cost
    team = Labour(fte=2, role="software-developer", region="us")
    deployment = SelfHosted(region="us-east-1", instance="m5.large", labour=team)
    bill = bill_of(deployment, Workload(ingress="1 MB/s"), book)
    [line] = [line for line in bill.lines if line.component == "labour"]
    assert line.cost == pytest.approx(2 * 132930 / 12 / 0.702, rel=1e-6)


def test_every_price_and_exchange_rate_can_be_traced() -> None:
    won = PriceBook("list", as_of="2025-10-31", currency="KRW", assumptions=PLAIN)
    team = Labour(fte=1, monthly="5000 USD", setup="1 week")
    deployment = SelfHosted(region="us-east-1", instance="m5.large", labour=team, discount=0.1)
    bill = bill_of(deployment, Workload(ingress="1 MB/s"), won)
    sources = bill.sources()
    assert {line.row for line in bill.lines if line.row} <= set(sources)
    [rate] = [row for row in sources if row.sku == "fx.usd.krw"]
    assert str(rate.price) == "1428.1374"
    assert all(row.source and row.where for row in sources if row.confidence != "user")
    [rate] = bills_dict([bill])["exchange_rates"]
    assert (rate["sku"], rate["price"]) == ("fx.usd.krw", "1428.1374")
    assert bills_dict([bill])["deployments"][0]["lines"][0]["where"].startswith("list/aws/ec2.csv")
