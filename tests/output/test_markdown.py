"""Results as Markdown: tables that a pull request shows, in which no text is more than text."""

from pathlib import Path

import pytest

from kafkatco.cli.main import main
from kafkatco.core.table import Table
from kafkatco.i18n.message import verbatim
from kafkatco.output.formats import render
from kafkatco.scenario.scenario import Scenario
from support.ours import OURS
from support.price_server import MSK_PRICES, PriceServer, msk_files, serve_aws


def test_each_bill_is_a_table() -> None:
    bills = Scenario.load().bills()
    text = "".join(render(bills, "markdown"))
    assert text.count("| :-- | :-- | --: | :-- | --: | --: |\n") == len(bills)
    titles = [line for line in text.splitlines() if line.startswith("**")]
    assert [title.removeprefix("**").split(" (")[0] for title in titles] == [b.name for b in bills]
    assert "\n\n**" in text
    assert text == bills.to_markdown()


def test_people_read_it_in_their_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bill", "--format", "markdown", "--lang", "ko"]) == 0
    assert "| 저장소 |" in capsys.readouterr().out


def test_a_name_is_only_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "evil.toml"
    path.write_text(OURS.replace('"msk"', '"ours | `x` <b>"'), encoding="utf-8")
    assert main(["plan", str(path), "--format", "markdown"]) == 0
    text = capsys.readouterr().out
    assert r"ours \| \`x\` &lt;b&gt;" in text
    assert "<b>" not in text


def test_a_long_table_says_how_much_it_leaves_out(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["prices", "list", "aws.ec2", "--as-of", "2025-10-31"]
    assert main([*asked, "--format", "csv"]) == 0
    count = capsys.readouterr().out.count("\n") - 1
    assert count > 100
    assert main([*asked, "--format", "markdown"]) == 0
    text = capsys.readouterr().out
    assert sum(line.startswith("| aws.") for line in text.splitlines()) == 100
    assert f"{count - 100:,} more rows: see --format json" in text


def test_a_pull_request_says_what_was_wrong_with_a_source(
    server: PriceServer, msk_book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    serve_aws(server, {"AmazonMSK": msk_files({**MSK_PRICES, ("broker", "us-east-1"): "20.4"})})
    asked = ["prices", "refresh", "aws", "--url", f"aws={server.url}", "--book", str(msk_book)]
    assert main([*asked, "--format", "markdown"]) == 1
    text = capsys.readouterr().out
    assert "**aws was not changed**" in text
    assert "got 20.4 USD per hour for aws.msk.kafka.m7g.large in us-east-1" in text


def test_a_pull_request_shows_changed_prices(capsys: pytest.CaptureFixture[str]) -> None:
    dates = ("2025-10-09", "2025-10-31")  # 1428.1374 / 1419.1715 - 1 = 0.63 %
    assert main(["prices", "diff", *dates, "fx.usd.krw", "--format", "markdown"]) == 0
    [row] = [line for line in capsys.readouterr().out.splitlines() if "fx.usd.krw" in line]
    assert row.endswith("| +0.63 % |")


def test_a_table_of_nothing_is_a_table() -> None:
    assert Table(verbatim("a"), (verbatim("b"),), ()).to_markdown() == "**a**\n\n| b |\n| :-- |\n"
