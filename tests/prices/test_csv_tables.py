"""The shipped tables are whole; a broken one is reported with file, line and what was expected."""

from pathlib import Path

import pytest

from kafkatco.errors import PriceTableError
from kafkatco.prices.csv_tables import pricing_root, read_capacities, read_prices

HEADER = (
    "sku,region,price,currency,unit,tier_from,tier_kind,valid_from,retrieved_on,source,"
    "confidence,note"
)
GOOD = (
    "aws.ec2.x,us-east-1,0.10,USD,hour,0,flat,2025-01-01,2025-01-02,https://example.org,official,"
)


def test_only_the_article_leaves_prices_open() -> None:
    rows, _ = read_prices(pricing_root() / "list")
    assert {row.tier_kind for row in rows if row.price is None} == {"quote"}
    assert all(
        row.note for row in rows if not row.price
    )  # free, or without a list price: each has a reason


def test_capacities_read() -> None:
    rows, digest = read_capacities(pricing_root() / "capacity")
    assert len(digest) == 64
    assert all(row.value >= 0 and row.source for row in rows)


def write(folder: Path, *lines: str, header: str = HEADER) -> Path:
    (folder / "x.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("0.10", "ten", r"x\.csv:2 price: got 'ten'; expected a decimal of at least 0"),
        ("0.10", "-1", "a decimal of at least 0"),
        ("0.10", "nan", "a decimal of at least 0"),
        ("0.10", "0.1_0", "a decimal of at least 0"),
        ("0.10", "1e400", "a decimal of at least 0"),
        ("0.10", "", "a decimal of at least 0"),
        ("USD", "USDT", r"x\.csv:2 currency: got 'USDT'.*Did you mean 'USD'"),
        (",hour,", ",hours,", r"x\.csv:2 unit: got 'hours'.*Did you mean 'hour'"),
        ("flat", "fat", "Did you mean 'flat'"),
        ("2025-01-01", "2025-13-01", r"valid_from: got '2025-13-01'; expected a date"),
        ("https://example.org", "", "source: got ''; expected text"),
        ("official", "sure", "confidence: got 'sure'"),
        ("aws.ec2.x", " aws.ec2.x", "without spaces"),
    ],
)
def test_a_wrong_cell_is_reported(tmp_path: Path, old: str, new: str, expected: str) -> None:
    with pytest.raises(PriceTableError, match=expected):
        read_prices(write(tmp_path, GOOD.replace(old, new, 1)))


def test_all_problems_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("0.10", "x"), GOOD.replace("hour", "hr"))
    (tmp_path / "y.csv").write_text(HEADER + "\n" + GOOD + ",extra\n", encoding="utf-8")
    with pytest.raises(PriceTableError) as caught:
        read_prices(tmp_path)
    assert [p.where.rsplit("/", 1)[-1] for p in caught.value.problems] == [
        "x.csv:2 price",
        "x.csv:3 unit",
        "y.csv:2",
    ]


def test_a_duplicate_row_names_the_first(tmp_path: Path) -> None:
    with pytest.raises(PriceTableError, match=r"x\.csv:3: a duplicate of .*x\.csv:2;"):
        read_prices(write(tmp_path, GOOD, GOOD))


def test_an_unknown_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PriceTableError, match=r"x\.csv:1.*Did you mean 'price'"):
        read_prices(write(tmp_path, GOOD, header=HEADER.replace("price", "prize")))


def test_broken_csv_and_bytes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PriceTableError, match="invalid CSV"):
        read_prices(write(tmp_path, GOOD[:-1] + ',"unclosed'))
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(PriceTableError, match="cannot be read"):
        read_prices(tmp_path)


def more(tier_from: str, **changes: str) -> str:
    row = GOOD.replace(",0,flat,", f",{tier_from},marginal,")
    for old, new in changes.items():
        row = row.replace(old, new)
    return row


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([more("100")], "no tier begins at 0; restate the price with all its tiers"),
        (
            [GOOD, GOOD.replace(",0,flat,", ",5,flat,")],
            "2 rows of one price and date must all have the tier_kind marginal",
        ),
        ([more("0"), more("100", hour="GiB")], "all tiers of a price must have the same unit"),
        (
            [more("0"), more("100", USD="KRW")],
            "all tiers of a price must have the same unit and currency",
        ),
        (
            [GOOD.replace("flat", "open")],
            r"x\.csv:2 price: a row of tier_kind open must have no price",
        ),
        (
            [more("0"), more("100"), more("100").replace("2025-01-01", "2025-06-01")],
            r"x\.csv:4: no tier begins at 0",
        ),
    ],
)
def test_tiers_that_do_not_fit_together(tmp_path: Path, rows: list[str], expected: str) -> None:
    with pytest.raises(PriceTableError, match=expected):
        read_prices(write(tmp_path, *rows))


def test_a_line_break_in_a_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PriceTableError, match=r"x\.csv:3: a cell has a line break"):
        read_prices(write(tmp_path, GOOD, GOOD[:-1] + ',"two\nlines"'))


def test_a_quote_has_no_price(tmp_path: Path) -> None:
    rows, _ = read_prices(write(tmp_path, GOOD.replace("0.10", "").replace("flat", "quote")))
    assert rows[0].price is None
    assert rows[0].where == f"{tmp_path.name}/x.csv:2"


def test_an_empty_folder_is_no_book(tmp_path: Path) -> None:
    with pytest.raises(PriceTableError, match="no rows"):
        read_prices(tmp_path)
