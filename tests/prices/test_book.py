"""Looking prices up: dates, regions, currencies, units, overrides, and what is missing."""

import datetime as dt
import pickle
from decimal import Decimal
from pathlib import Path

import pytest

from kafkatco import InputError, MissingPriceError, PriceBook, PriceTableError
from kafkatco.prices.book import RecordingBook
from kafkatco.prices.metering import Gigabyte
from kafkatco.prices.rows import PriceRow
from support.plain import PLAIN


@pytest.mark.parametrize(
    ("sku", "region", "price"),
    [
        ("aws.msk.kafka.m7g.large", "us-east-1", "0.204"),
        ("aws.msk.kafka.m7g.large", "ap-northeast-2", "0.2508"),
        ("aws.msk.kafka.t3.small", "us-east-1", "0.0456"),
        ("aws.msk.kafka.t3.small", "ap-northeast-2", "0.0569"),
        ("aws.ec2.t3.medium", "us-east-1", "0.0416"),
        ("aws.ec2.t3.medium", "ap-northeast-2", "0.052"),
        ("aws.ec2.m5.2xlarge", "us-east-1", "0.384"),
        ("aws.ebs.gp3.storage", "us-east-1", "0.08"),
        ("aws.ebs.gp3.storage", "ap-northeast-2", "0.0912"),
        ("aws.data-transfer.inter-az", "us-east-1", "0.01"),
        ("aws.data-transfer.inter-az", "ap-northeast-2", "0.01"),
    ],
)
def test_list_prices_that_the_providers_publish(
    book: PriceBook, sku: str, region: str, price: str
) -> None:
    [row] = book.price(sku, region)
    assert str(row.price) == price
    assert row.currency == "USD"


def test_the_price_of_a_date(tmp_path: Path) -> None:
    header = (
        "sku,region,price,currency,unit,tier_from,tier_kind,valid_from,retrieved_on,source,"
        "confidence,note\n"
    )
    rows = "".join(
        f"x,any,{price},USD,hour,0,flat,{date},2026-01-01,https://example.org,official,\n"
        for price, date in (("1", "2025-01-01"), ("2", "2025-06-01"))
    )
    (tmp_path / "x.csv").write_text(header + rows, encoding="utf-8")

    def price(as_of: str) -> str:
        return str(PriceBook(tmp_path, as_of=as_of).price("x", "anywhere")[0].price)

    assert [price(d) for d in ("2025-01-01", "2025-05-31", "2025-06-01", "2030-01-01")] == [
        "1",
        "1",
        "2",
        "2",
    ]
    with pytest.raises(MissingPriceError, match="first row is dated 2025-01-01"):
        price("2024-12-31")


def test_missing_names_the_nearest_thing(book: PriceBook) -> None:
    with pytest.raises(MissingPriceError, match=r"Did you mean 'aws\.ec2\.m5\.2xlarge'"):
        book.price("aws.ec2.m5.2xlrge", "us-east-1")
    with pytest.raises(
        MissingPriceError, match=r"in 26 regions, such as eu-central-1, eu-north-1, "
    ):
        book.price("aws.ec2.m5.2xlarge", "eu-west-9")


def test_exchange() -> None:
    own = PriceBook("article", as_of="2025-10-31", currency="KRW")
    assert own.exchange("USD") == 1419.0
    assert own.exchange("KRW") == 1.0
    dollars = PriceBook("article", as_of="2025-10-31", currency="USD")
    assert dollars.exchange("KRW") == pytest.approx(1 / 1419)
    # ECB of 2025-10-09: 1647.8 KRW / 1.1611 USD = 1419.17 KRW per USD
    ecb = PriceBook("list", as_of="2025-10-09", currency="KRW")
    assert ecb.exchange("USD") == pytest.approx(1647.8 / 1.1611, rel=1e-7)
    # 1 / 1.1554 EUR per USD on 2025-10-31
    assert PriceBook("list", as_of="2025-10-31", currency="EUR").exchange("USD") == pytest.approx(
        1 / 1.1554, rel=1e-6
    )
    with pytest.raises(MissingPriceError, match=r"fx\.usd\.eur"):
        PriceBook("article", as_of="2025-10-31", currency="EUR").exchange("USD")


def test_overrides_replace_a_price_and_change_the_hash(book: PriceBook) -> None:
    ours = PriceBook("list", as_of="2025-10-31", overrides={"aws.ec2.m5.2xlarge": "0.30 USD/hour"})
    [row] = ours.price("aws.ec2.m5.2xlarge", "us-east-1")
    assert float(row.price or 0) == 0.30
    assert row.confidence == "user"
    assert ours.sha256 != book.sha256
    assert PriceBook("list", as_of="2025-10-31", assumptions=PLAIN).sha256 == book.sha256


def test_wrong_inputs_are_reported_together() -> None:
    with pytest.raises(InputError) as caught:
        PriceBook("lsit", as_of="soon", currency="WON")
    text = str(caught.value)
    assert "Did you mean 'list'?" in text
    assert "such as 2025-10-31" in text
    assert "currency: got 'WON'" in text
    with pytest.raises(InputError, match="a price per hour") as wrong:
        PriceBook(
            "list",
            as_of="2025-10-31",
            overrides={"aws.ec2.m5.2xlarge": "1 USD/GB", "aws.ec2.m5.huge": "1 USD/hour"},
        )
    assert "a sku of this book" in str(wrong.value)


def test_a_broken_table_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "ours.csv").write_text("sku,price\nx,1\n", encoding="utf-8")
    with pytest.raises(PriceTableError, match=r"ours\.csv:1"):
        PriceBook(tmp_path, as_of="2025-10-31")


def test_repr(book: PriceBook) -> None:
    assert book.describe()["as_of"] == "2025-10-31"
    assert book.as_of == dt.date(2025, 10, 31)
    assert "PriceBook('list', as_of='2025-10-31', currency='USD'" in repr(book)
    assert "aws.ec2.m5.large" in book.skus("aws.ec2.m5.")
    assert book.regions("confluent.basic.") == ("us-east-1",)


def test_an_override_counts_where_the_book_has_no_price() -> None:
    ours = PriceBook(
        "list", as_of="2025-10-31", overrides={"confluent.basic.ingress": "0.055 USD/GiB"}
    )
    [row] = ours.price("confluent.basic.ingress", "ap-northeast-2")
    assert (str(row.price), row.unit, row.confidence) == ("0.055", "GiB", "user")
    rate = PriceBook(
        "list", as_of="2025-10-31", currency="KRW", overrides={"fx.usd.krw": "1400 KRW/USD"}
    )
    assert rate.exchange("USD") == 1400.0


def test_an_override_keeps_the_unit_it_states_under_a_forced_gigabyte() -> None:
    units: dict[Gigabyte, str] = {"metered": "GiB", "decimal": "GB", "binary": "GiB"}
    for gigabyte, unit in units.items():
        ours = PriceBook(
            "list",
            as_of="2025-10-31",
            gigabyte=gigabyte,
            overrides={"confluent.basic.ingress": "0.05 USD/GB"},
        )
        [row] = ours.price("confluent.basic.ingress", "us-east-1")
        per_gb = float(row.price or 0) * (1e9 / 2**30 if unit == "GiB" else 1.0)
        assert row.unit == unit
        assert per_gb == pytest.approx(0.05)


def test_a_rate_of_exchange_keeps_its_currency() -> None:
    with pytest.raises(InputError, match="a rate in KRW"):
        PriceBook("list", as_of="2025-10-31", overrides={"fx.usd.krw": "150 JPY/USD"})


def test_the_convention_is_part_of_the_identity(book: PriceBook) -> None:
    assert PriceBook("list", as_of="2025-10-31", gigabyte="decimal").sha256 != book.sha256


def test_tables_that_change_are_read_again(tmp_path: Path) -> None:
    header = (
        "sku,region,price,currency,unit,tier_from,tier_kind,valid_from,retrieved_on,source,"
        "confidence,note\n"
    )
    row = "x,any,{},USD,hour,0,flat,2025-01-01,2026-01-01,https://example.org,official,\n"
    readings = []
    for price in ("1", "2.5"):
        (tmp_path / "x.csv").write_text(header + row.format(price), encoding="utf-8")
        ours = PriceBook(tmp_path, as_of="2025-10-31")
        readings.append((str(ours.price("x", "any")[0].price), ours.sha256))
    assert [price for price, _ in readings] == ["1", "2.5"]
    assert readings[0][1] != readings[1][1]


def test_a_book_may_have_a_region_of_its_own() -> None:
    seoul = PriceBook("list", as_of="2025-10-31", region="ap-northeast-2")
    assert str(seoul.price("aws.msk.kafka.t3.small")[0].price) == "0.0569"
    assert str(seoul.price("aws.msk.kafka.t3.small", "us-east-1")[0].price) == "0.0456"
    with pytest.raises(
        InputError, match=r"region: no region; pass one here or as PriceBook\(region"
    ):
        PriceBook("list", as_of="2025-10-31").price("aws.msk.kafka.t3.small")


def test_a_quote_is_required_and_an_override_gives_it() -> None:
    with pytest.raises(MissingPriceError, match=r'prices\.override.*"\.\.\. USD/month"'):
        PriceBook("list", as_of="2026-10-31").price("instaclustr.kafka.node", "us-east-1")
    ours = PriceBook(
        "list", as_of="2026-10-31", overrides={"instaclustr.kafka.node": "700 USD/month"}
    )
    [row] = ours.price("instaclustr.kafka.node", "us-east-1")
    assert (row.price, row.unit, row.confidence) == (Decimal(700), "month", "user")


def test_the_history_of_a_price() -> None:
    # Confluent's card had 1.50 USD an hour for a Standard cluster until eCKUs came in April 2024
    book = PriceBook("list", as_of="2026-10-31", region="us-east-1")
    history = book.history("confluent.standard.cluster", "us-east-1")
    assert [str(row.price) for row in history] == ["1095", "0"]
    assert book.price("confluent.standard.cluster")[0].price == 0
    assert book.recorded("confluent.standard.cluster") == ("us-east-1",)


def test_limits_of_the_book_s_date() -> None:
    # MSK Serverless held 120 partitions in 2023, and 2,400 later
    before, after = (
        PriceBook("list", as_of=date).catalogue().value("aws.msk.serverless", "max_partitions")
        for date in ("2025-09-30", "2025-10-31")
    )
    assert (before, after) == (120, 2400)


def test_a_book_does_not_change() -> None:
    book = PriceBook("list", as_of="2025-10-31")
    with pytest.raises(AttributeError, match="as_of"):
        book.as_of = dt.date(2026, 1, 1)  # type: ignore[misc]  # on purpose
    with pytest.raises(TypeError):
        book.overrides["x"] = "1 USD"  # type: ignore[index]  # on purpose


def test_a_book_may_be_sent_to_another_process() -> None:
    sku = "aws.ec2.m5.large"
    book = PriceBook("list", as_of="2025-10-31", overrides={sku: "0.05 USD/hour"})
    copy = pickle.loads(pickle.dumps(book))
    assert copy.sha256 == book.sha256
    assert copy.price(sku, "us-east-1") == book.price(sku, "us-east-1")
    assert copy.overrides[sku].per("hour") == 0.05
    with pytest.raises(AttributeError, match="as_of"):
        copy.as_of = dt.date(2026, 1, 1)


def test_a_path_is_a_path_even_if_a_book_has_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a known book or a folder"):
        PriceBook(Path("list"), as_of="2025-10-31")


def test_a_variant_is_chosen_and_not_overridden() -> None:
    with pytest.raises(InputError, match="a sku of this book"):
        PriceBook(
            "list",
            as_of="2025-10-31",
            overrides={"aws.msk.tiered-storage~sizing-script": "0.001 USD/GiB-month"},
        )


def test_a_book_elsewhere_keeps_its_settings() -> None:
    book = PriceBook(
        "list",
        as_of="2026-10-31",
        region="us-east-1",
        currency="KRW",
        gigabyte="decimal",
        overrides={"aws.ec2.m5.2xlarge": "0.30 USD/hour"},
        variants={"aws.msk.tiered-storage": "sizing-script"},
    )
    before = book.at(as_of="2025-10-31")
    assert (before.name, before.region, before.currency) == ("list", "us-east-1", "KRW")
    assert (before.gigabyte, before.variants) == ("decimal", book.variants)
    assert before.price("aws.ec2.m5.2xlarge")[0].price == Decimal("0.3")
    assert before.as_of == dt.date(2025, 10, 31)
    assert book.at().sha256 == book.sha256
    with pytest.raises(InputError, match="a sku of this book"):  # which it would not price
        book.at(folder="article", as_of="2025-10-31")


def test_a_variant_that_is_not_there_yet_leaves_the_default(tmp_path: Path) -> None:
    header = ",".join(PriceRow._fields[:-1])
    rows = ["x,any,1,USD,hour,0,flat,2025-01-01", "x~other,any,2,USD,hour,0,flat,2026-01-01"]
    text = "".join(f"{row},2026-01-01,https://example.org,official,\n" for row in rows)
    (tmp_path / "x.csv").write_text(f"{header}\n{text}", encoding="utf-8")
    book = PriceBook(tmp_path, as_of="2026-06-01", variants={"x": "other"})
    assert book.price("x", "any")[0].price == 2
    before = book.at(as_of="2025-06-01")
    assert before.price("x", "any")[0].price == 1
    assert before.at(as_of="2026-06-01").price("x", "any")[0].price == 1  # not looked up any more


def test_an_override_counts_before_the_first_row_of_its_sku(tmp_path: Path) -> None:
    header = ",".join(PriceRow._fields[:-1])
    row = "x,any,1,USD,hour,0,flat,2026-01-01,2026-01-01,https://example.org,official,\n"
    other = row.replace("x,", "y,").replace("2026-01-01", "2025-01-01", 1)
    (tmp_path / "x.csv").write_text(f"{header}\n{row}{other}", encoding="utf-8")
    book = PriceBook(tmp_path, as_of="2025-06-01", overrides={"x": "3 USD/hour"})
    assert [(str(r.price), r.unit) for r in book.price("x", "any")] == [("3.0", "hour")]
    with pytest.raises(InputError, match="per hour"):
        PriceBook(tmp_path, as_of="2025-06-01", overrides={"x": "3 USD/GiB"})


def test_a_recording_book_records_its_look_ups() -> None:
    book = PriceBook("list", as_of="2025-10-31", currency="KRW")
    book.price("aws.ec2.m5.large", "us-east-1")  # before
    recording = RecordingBook.of(book)
    assert recording.exchange("EUR") == book.exchange("EUR")
    varied = recording.swept("aws.ec2.m5.large", 1.0)
    [row] = varied.price("aws.ec2.m5.large", "us-east-1")
    assert varied.money(row) == recording.exchange("USD")
    with pytest.raises(MissingPriceError):
        recording.price("nothing", "us-east-1")
    assert list(recording.looked_up) == [
        ("fx.usd.krw", "any"),
        ("fx.usd.eur", "any"),
        ("aws.ec2.m5.large", "us-east-1"),
        ("nothing", "us-east-1"),
    ]
    assert recording.sha256 == book.sha256


def test_prices_taken_from_another_book() -> None:
    old, new = (
        PriceBook("list", as_of=date, currency="KRW") for date in ("2025-10-31", "2026-10-31")
    )
    rate = "fx.usd.krw"
    old.price(rate, "any")  # looked up already, which a copy must not remember
    mixed = old.taking([rate], new)
    assert mixed.exchange("USD") == new.exchange("USD") != old.exchange("USD")
    assert mixed.exchange("EUR") not in (old.exchange("EUR"), new.exchange("EUR"))
    assert mixed.as_of == old.as_of
    assert len({old.sha256, mixed.sha256, old.taking(["fx.usd.eur"], new).sha256}) == 3
    assert old.taking([], new).sha256 == old.sha256
    again = new.taking([rate, "fx.usd.eur"], mixed)  # of which one was taken there as well
    assert again.exchange("USD") == new.exchange("USD")
    assert again.price("fx.usd.eur", "any") == old.price("fx.usd.eur", "any")
    known = set(new.skus()) - set(old.skus())
    assert known <= set(old.taking(known, new).skus())
    assert old.taking([], new, capacities=True).catalogue().as_of == new.as_of
    assert old.taking([], new, capacities=True).sha256 != old.sha256
