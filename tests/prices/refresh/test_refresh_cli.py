from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from pathlib import Path

import pytest

from kafkatco.cli.main import main
from kafkatco.prices import history
from support.price_server import MSK_PRICES, PriceServer, Reply, msk_files, serve_aws
from support.refreshing import files, valid

#: Amazon takes 5 % off a broker in Seoul: 0.2508 x 0.95 = 0.23826.
CHANGED = {**MSK_PRICES, ("broker", "ap-northeast-2"): "0.2382600000"}


def run(server: PriceServer, book: Path, *options: str) -> int:
    return main(
        ["prices", "refresh", "aws", "--url", f"aws={server.url}", "--book", str(book), *options]
    )


def test_a_dry_run_shows_what_would_change_and_writes_nothing(
    server: PriceServer, msk_book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    serve_aws(server, {"AmazonMSK": msk_files(CHANGED)})
    before = files(msk_book)
    assert run(server, msk_book, "--dry-run") == 0
    shown = capsys.readouterr().out
    assert "nothing written (--dry-run)" in shown
    assert "aws.msk.kafka.m7g.large" in shown
    assert "-5.00 %" in shown
    assert files(msk_book) == before


def test_a_refresh_writes_it_once(
    server: PriceServer, msk_book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    serve_aws(server, {"AmazonMSK": msk_files(CHANGED)})
    assert run(server, msk_book, "--format", "json") == 0
    data = json.loads(capsys.readouterr().out)
    (source,) = data["sources"]
    assert (source["source"], source["state"], source["new_rows"]) == ("aws", "changed", 1)
    (row,) = source["rows"]
    assert (row["price"], row["valid_from"]) == ("0.23826", "2026-11-01")
    (change,) = data["changes"]
    assert change["percent"] == pytest.approx(-5)
    after = files(msk_book)
    assert run(server, msk_book, "--format", "csv") == 0
    assert len(list(csv.reader(io.StringIO(capsys.readouterr().out)))) == 1  # the header
    assert files(msk_book) == after
    assert valid(msk_book, dt.datetime.now(dt.UTC).date())


def test_a_failing_source_is_reported_and_the_status_is_one(
    server: PriceServer, msk_book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    serve_aws(server, {"AmazonMSK": msk_files({**MSK_PRICES, ("broker", "us-east-1"): "20.4"})})
    assert run(server, msk_book) == 1
    shown = capsys.readouterr()
    assert "not changed: 1 problem" in shown.out
    assert "got 20.4 USD per hour for aws.msk.kafka.m7g.large in us-east-1" in shown.err
    assert "--accept aws.msk.kafka.m7g.large" in shown.err
    assert "Traceback" not in shown.err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["asw"], "Did you mean 'aws'?"),
        (["aws", "--url", "aws"], "a source and a URL, such as aws="),
        (["aws", "--url", "aws=ftp://x"], "got 'ftp://x'; expected http:// or https:// and a host"),
        (["aws", "--url", "aws=http://me:pw@x"], "got a URL with a user; expected http://"),
        (["aws", "--url", "awz=https://x"], "Did you mean 'aws'"),
        (["aws", "--as-of", "2199-01-01"], "or earlier"),
        (["aws", "--as-of", "yesterday"], "a date from 2000 to 2199"),
        (["aws", "--book", "lst"], "Did you mean 'list'?"),
    ],
)
def test_wrong_input(words: list[str], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prices", "refresh", *words]) == 2
    shown = capsys.readouterr()
    assert expected in shown.err
    assert shown.out == ""


ADD = ["prices", "add", "aws.msk.storage", "--region", "ap-northeast-2"]
PAGE = "https://aws.amazon.com/msk/pricing/"


def answers(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_a_price_is_prompted_for_checked_and_appended(
    msk_book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers(monkeypatch, "0,12", "0.12", "", "GiB-mnth", "", "2026-11-20", PAGE, "", "seen")
    assert main([*ADD, "--book", str(msk_book)]) == 0
    shown = capsys.readouterr().out
    assert "0.114 USD per GiB-month, since 2025-10-09 (list/aws/msk.csv:" in shown
    assert "expected a decimal such as 0.05" in shown
    assert "Did you mean 'GiB-month'" in shown
    with (msk_book / "aws/msk.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row[:2] == ADD[2:5:2]]
    assert rows[-1][2:8] == ["0.12", "USD", "GiB-month", "0", "flat", "2026-11-20"]
    assert rows[-1][9:] == [PAGE, "official", "seen"]
    assert valid(msk_book, dt.datetime.now(dt.UTC).date())


GIVEN = [
    "--price",
    "0.12",
    "--currency",
    "USD",
    "--unit",
    "GiB-month",
    "--valid-from",
    "2026-11-20",
    "--source",
    PAGE,
    "--confidence",
    "official",
    "--note",
    "",
]


def with_(option: str, text: str) -> list[str]:
    words = list(GIVEN)
    words[words.index(option) + 1] = text
    return words


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (with_("--price", "1.14"), "expected about 0.114, the last price"),
        (with_("--price", "0.0114"), "expected about 0.114, the last price"),
        ([*with_("--price", "1.14"), "--accept"], "expected 0.001 to 0.9 USD"),
        (with_("--price", "-1"), "a decimal such as 0.05"),
        (with_("--unit", "GB-mont"), "Did you mean 'GB-month'"),
        (with_("--currency", "usd"), "Did you mean 'USD'?"),
        (with_("--valid-from", "2999-01-01"), "a date from 1999 to"),
        (with_("--valid-from", "2025-10-09"), "a duplicate of list/aws/msk.csv:8"),
        (with_("--source", "me"), "the page, file or document with this figure"),
        (
            [*GIVEN, "--table", "aws/new.csv"],
            "'aws/msk.csv', which has the rows of aws.msk.storage",
        ),
        (GIVEN[2:], "no answer; add --price"),
    ],
)
def test_a_wrong_price_is_not_added(
    options: list[str],
    expected: str,
    msk_book: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answers(monkeypatch)
    before = files(msk_book)
    assert main([*ADD, *options, "--book", str(msk_book)]) == 2
    assert expected in capsys.readouterr().err
    assert files(msk_book) == before


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (None, "Did you mean 'aws.msk.storage'"),
        ("../x.csv", "a CSV file in the book"),
        ("/tmp/x.csv", "a CSV file in the book"),
        ("aws/x.txt", "a CSV file in the book"),
    ],
)
def test_a_new_sku_needs_a_table_in_the_book(
    table: str | None, expected: str, msk_book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(msk_book)
    option = [] if table is None else ["--table", table]
    words = ["prices", "add", "aws.msk.storag", *GIVEN, *option, "--book", str(msk_book)]
    assert main(words) == 2
    assert expected in capsys.readouterr().err
    assert files(msk_book) == before


def test_a_new_sku_in_tiers_and_a_price_that_is_no_more(
    msk_book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = ["--book", str(msk_book)]
    new = ["prices", "add", "acme.kafka.ingress", "--region", "kr-1", "--table", "acme/kafka.csv"]
    assert main([*new, *with_("--price", "1024: 0.04, 0: 0.05"), *book]) == 0
    assert main(["prices", "show", "acme.kafka.ingress", *book, "--format", "json"]) == 0
    shown = capsys.readouterr().out
    (sku,) = json.loads(shown[shown.index("{") :])["skus"]
    assert [(tier["tier_from"], tier["price"], tier["tier_kind"]) for tier in sku["price"]] == [
        ("0", "0.05", "marginal"),
        ("1024", "0.04", "marginal"),
    ]
    assert main([*ADD, *with_("--price", "quote"), *book]) == 0
    assert main(["prices", "show", ADD[2], "--region", ADD[4], *book, "--format", "json"]) == 0
    shown = capsys.readouterr().out
    (sku,) = json.loads(shown[shown.index("{") :])["skus"]
    assert [(tier["price"], tier["tier_kind"]) for tier in sku["price"]] == [(None, "quote")]


def test_a_book_is_copied_whole_to_a_folder_of_ones_own(
    msk_book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "new" / "prices"
    assert main(["prices", "copy", str(own), "--book", str(msk_book)]) == 0
    assert files(own) == files(msk_book)
    assert f"--book {own}" in capsys.readouterr().out
    for folder in (str(own), str(own / "aws/msk.csv"), ""):
        assert main(["prices", "copy", folder]) == 2
        assert "a new or empty folder" in capsys.readouterr().err
    assert main(["prices", "copy", str(tmp_path / "other"), "--book", "lst"]) == 2
    assert "Did you mean 'list'?" in capsys.readouterr().err
    assert not (tmp_path / "other").exists()


#: MSK Standard on three m7g.large brokers in Seoul, and the prices that such a bill needs.
OURS = """
[workload]
ingress = "1 MB/s"
fanout = 1
retention = "1 day"
[prices]
book = "list"
as_of = 2025-10-31
[[deployment]]
kind = "msk-standard"
region = "ap-northeast-2"
instance = "kafka.m7g.large"
"""


def with_transfer(book: Path) -> None:
    """Add what crosses zones, priced for any region, which no file of a region covers."""
    header = (book / "aws/msk.csv").read_text(encoding="utf-8").partition("\n")[0]
    row = "aws.data-transfer.inter-az,any,0.01,USD,GiB,0,flat,2024-09-25,2024-09-25,"
    row += "https://aws.amazon.com/ec2/pricing/on-demand/,secondary,each direction"
    (book / "aws/data-transfer.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")


@pytest.mark.parametrize("dry", [True, False])
def test_the_impact_on_a_scenario(
    dry: bool, server: PriceServer, msk_book: Path, ours: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with_transfer(msk_book)
    serve_aws(server, {"AmazonMSK": msk_files(CHANGED)})
    options = ["--impact", ours, *(["--dry-run"] if dry else [])]
    assert run(server, msk_book, *options, "--format", "json") == 0
    data = json.loads(capsys.readouterr().out)
    (bill,) = data["impact"]["bills"]
    # three brokers for a month of 730 hours: 3 x 730 x (0.2508 - 0.23826) = 27.4626 USD
    assert bill["before"] - bill["after"] == pytest.approx(3 * 730 * (0.2508 - 0.23826))
    assert data["impact"]["after"]["book"] == data["impact"]["before"]["book"] == str(msk_book)
    assert ("0.23826" in (msk_book / "aws/msk.csv").read_text()) is not dry


def test_the_impact_of_a_refresh_is_shown_in_tables(
    server: PriceServer, msk_book: Path, ours: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with_transfer(msk_book)
    serve_aws(server, {"AmazonMSK": msk_files(CHANGED)})
    assert run(server, msk_book, "--impact", ours) == 0
    shown = capsys.readouterr().out
    assert "aws.msk.kafka.m7g.large" in shown
    assert "-5.00 %" in shown
    assert "msk-standard" in shown


def serve_ecb(server: PriceServer, krw: str) -> None:
    """Serve the European Central Bank's rates of one day, 2026-11-20."""
    rates = {"USD": "1.1", "JPY": "176", "GBP": "0.88", "CNY": "7.7", "KRW": krw}
    cubes = "".join(f"<Cube currency='{code}' rate='{rate}'/>" for code, rate in rates.items())
    server.text(
        "/eurofxref-daily.xml", f"<E><Cube><Cube time='2026-11-20'>{cubes}</Cube></Cube></E>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        text = f"Date,{','.join(rates)},\n2026-11-20,{','.join(rates.values())},\n"
        archive.writestr("eurofxref-hist.csv", text)
    server.replies["/eurofxref-hist.zip"] = Reply(packed.getvalue())


@pytest.mark.slow
def test_a_refresh_shows_the_impact_on_the_article_by_default(
    server: PriceServer, whole_list: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    serve_ecb(server, "1562")
    words = ["prices", "refresh", "ecb", "--url", f"ecb={server.url}", "--book", str(whole_list)]
    assert main([*words, "--dry-run", "--no-impact"]) == 0
    assert "self-hosted" not in capsys.readouterr().out
    assert main([*words, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)["impact"]
    # a dollar was 1335.2667 won on 2026-10-30; 1562 / 1.1 = 1420 won is 6.3459 % more
    (change,) = [one for one in data["prices"] if one["sku"] == "fx.usd.krw"]
    assert change["percent"] == pytest.approx((1562 / 1.1 / 1335.2667 - 1) * 100, abs=1e-4)
    vendors = [bill for bill in data["bills"] if "MSK" in bill["deployment"]]
    assert vendors
    for bill in vendors:  # paid in dollars but for people, who are paid in won
        assert 0 < bill["after"] - bill["before"] < 0.0635 * bill["before"]
    assert main(words) == 0
    assert "self-hosted" not in capsys.readouterr().out  # nothing changed any more


def add(book: str, *options: str) -> int:
    return main([*ADD, *(options or GIVEN), "--book", book])


def test_a_book_may_be_named_by_the_way_to_it(
    msk_book: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    (temporary / "README.md").write_text("precious")
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.chdir(msk_book / "aws")
    assert add("..") == 0
    assert ",0.12,USD,GiB-month,0,flat,2026-11-20," in Path("msk.csv").read_text()
    assert files(temporary) == {"README.md": b"precious"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (with_("--unit", "GiB"), "unit: got GiB; expected GiB-month, as before"),
        ([*with_("--unit", "GiB"), "--accept"], "unit: got GiB; expected GiB-month, as before"),
        (with_("--currency", "KRW"), "currency: got KRW; expected USD, as before"),
    ],
)
def test_a_price_for_something_else_is_not_added(
    options: list[str], expected: str, msk_book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(msk_book)
    assert add(str(msk_book), *options) == 2
    assert expected in capsys.readouterr().err
    assert files(msk_book) == before


def test_another_currency_may_be_accepted(msk_book: Path) -> None:
    options = [*with_("--currency", "KRW"), "--accept"]
    options[options.index("--price") + 1] = "160"
    assert add(str(msk_book), *options) == 0


def test_an_answer_that_is_no_text(
    msk_book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = io.TextIOWrapper(io.BytesIO(b"\xff\xfe\n"), encoding="utf-8", errors="strict")
    monkeypatch.setattr("sys.stdin", broken)
    assert add(str(msk_book), *GIVEN[2:]) == 2
    assert "no answer; add --price" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["prices", "refresh", "aws"], [*ADD, *GIVEN]])
def test_a_book_inside_an_installed_package_is_not_changed(
    command: list[str],
    msk_book: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(history, "pricing_root", lambda: msk_book.parent)
    monkeypatch.setattr(history, "__file__", str(msk_book.parent / "prices" / "history.py"))
    before = files(msk_book)
    assert main(command) == 2
    shown = capsys.readouterr().err
    assert "'list' is part of the package, and an upgrade replaces it" in shown
    assert "kafkatco prices copy prices --book list" in shown
    assert files(msk_book) == before


def test_a_copy_has_a_name_and_a_place_of_its_own(
    msk_book: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["prices", "copy", "article", "--book", str(msk_book)]) == 2
    assert "a name that no book of the package has" in capsys.readouterr().err
    assert main(["prices", "copy", "list/mine", "--book", "./list"]) == 2
    assert "a folder outside the copied book" in capsys.readouterr().err
    assert not (msk_book / "mine").exists()


def test_a_stopped_refresh_reports_what_it_has_written(
    server: PriceServer,
    msk_book: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    serve_aws(server, {"AmazonMSK": msk_files(CHANGED)})
    monkeypatch.setattr("kafkatco.prices.refresh.ecb.Ecb.read", stopped)
    table = msk_book / "aws/msk.csv"
    assert (
        main(
            [
                "prices",
                "refresh",
                "aws",
                "ecb",
                "--url",
                f"aws={server.url}",
                "--book",
                str(msk_book),
            ]
        )
        == 130
    )
    assert "changed" in capsys.readouterr().out
    assert "0.23826" in table.read_text()


def test_impact_or_none_but_not_both(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prices", "refresh", "aws", "--impact", "x", "--no-impact"]) == 2
    assert "not allowed with" in capsys.readouterr().err


def test_a_past_day_that_changes_today_has_a_note(
    server: PriceServer, msk_book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    past = "2026-03-02T10:11:12Z"
    dearer = {**MSK_PRICES, ("broker", "ap-northeast-2"): "0.3000000000"}
    texts = {
        region: text.replace("2026-11-02", "2026-03-02").replace("2026-11-01", "2026-03-01")
        for region, text in msk_files(dearer).items()
    }
    serve_aws(server, {"AmazonMSK": texts}, published=past)
    assert run(server, msk_book, "--as-of", "2026-05-01") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert (
        "1 price of today is now that of 2026-05-01: refresh without --as-of to check it" in shown
    )
