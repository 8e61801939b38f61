"""What changed between two dates of a book."""

from pathlib import Path

import pytest

from kafkatco import PriceBook
from kafkatco.prices import price_changes
from kafkatco.prices.rows import PriceRow

HEADER = ",".join(PriceRow._fields[:-1])


def test_the_exchange_rate_of_a_year() -> None:
    before, after = (PriceBook("list", as_of=date) for date in ("2025-10-31", "2026-10-31"))
    [change] = price_changes(before, after, prefix="fx.usd.krw")
    # ECB: (1491.76 / 1.1172) / (1650.07 / 1.1554) - 1 = -6.50 %
    expected = (1491.76 / 1.1172) / (1650.07 / 1.1554) - 1
    assert change.percent == pytest.approx(100 * expected, rel=1e-5)


def test_a_date_and_itself_differ_in_nothing() -> None:
    book = PriceBook("list", as_of="2026-10-31")
    assert price_changes(book, book) == ()


def test_tiers_units_and_new_prices(tmp_path: Path) -> None:
    rows = [
        "a,any,1,USD,hour,0,flat,2025-01-01",
        "a,any,2,USD,month,0,flat,2026-01-01",
        "b,any,1,USD,GiB,0,marginal,2025-01-01",
        "b,any,0.5,USD,GiB,100,marginal,2025-01-01",
        "b,any,1,USD,GiB,0,marginal,2026-01-01",
        "b,any,0.4,USD,GiB,100,marginal,2026-01-01",
        "c,any,1,USD,hour,0,flat,2026-01-01",
        "d,here,1,USD,hour,0,flat,2025-01-01",
        "d,here,3,USD,hour,0,flat,2026-01-01",
        "e,any,0,USD,hour,0,flat,2025-01-01",
        "e,any,3,USD,hour,0,flat,2026-01-01",
        "f,any,5,USD,hour,0,flat,2025-01-01",
        "f,any,,USD,hour,0,quote,2026-01-01",
        "g,any,5,USD,hour,0,flat,2025-01-01",
        "g,any,5,USD,hour,0,flat,2026-01-01",
        "h,any,,USD,hour,0,quote,2025-01-01",
        "h,any,,USD,hour,0,open,2026-01-01",
    ]
    text = "".join(f"{row},2026-01-01,https://example.org,official,\n" for row in rows)
    (tmp_path / "x.csv").write_text(f"{HEADER}\n{text}", encoding="utf-8")
    before, after = (PriceBook(tmp_path, as_of=date) for date in ("2025-06-01", "2026-06-01"))
    changes = [
        (c.sku, str(c.after.tier_from) if c.after else "", c.percent)
        for c in price_changes(before, after)
    ]
    assert changes == [
        ("a", "0", None),
        ("b", "100", pytest.approx(-20.0)),
        ("c", "0", None),
        ("d", "0", pytest.approx(200.0)),
        ("e", "0", None),
        ("f", "0", None),
        ("h", "0", None),
    ]
    assert price_changes(before, after, region="there", prefix="d") == ()
