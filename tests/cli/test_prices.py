"""``kafkatco prices``: the tables on the screen, and mistakes, which exit with 2."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from kafkatco.cli.main import main
from kafkatco.prices.csv_tables import pricing_root

M7G = "aws.msk.kafka.m7g.large"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["prices", *arguments]) == 0, capsys.readouterr().err
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_show_prints_price_history_unit_source_and_confidence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = run(capsys, "show", M7G, "--region", "ap-northeast-2", "--as-of", "2025-10-31")
    for part in (
        "0.2508",
        "USD per hour",
        "2025-10-09",
        "secondary",
        "aws.amazon.com/msk/pricing",
        "list/aws/msk.csv:",
        "as of 2025-10-31",
    ):
        assert part in text
    text = run(capsys, "show", "fx.usd.krw")
    assert "before" in text
    assert "1,428.1374" in text
    assert "now" in text


@pytest.mark.parametrize(
    ("sku", "region", "price"),
    [
        (M7G, "us-east-1", "0.204"),
        (M7G, "ap-northeast-2", "0.2508"),
        ("aws.msk.kafka.t3.small", "us-east-1", "0.0456"),
        ("aws.msk.kafka.t3.small", "ap-northeast-2", "0.0569"),
        ("aws.msk.express.m7g.large", "us-east-1", "0.408"),
        ("aws.msk.express.m7g.large", "ap-northeast-2", "0.5016"),
        ("aws.ec2.t3.medium", "us-east-1", "0.0416"),
        ("aws.ec2.t3.medium", "ap-northeast-2", "0.052"),
        ("aws.msk.serverless.cluster", "ap-northeast-2", "0.92"),
        ("aws.ebs.gp3.storage", "us-east-1", "0.08"),
        ("aws.ebs.gp3.storage", "ap-northeast-2", "0.0912"),
        ("aws.msk.tiered-storage", "us-east-1", "0.06"),
        ("aws.data-transfer.inter-az", "us-east-1", "0.01"),
        ("aws.data-transfer.inter-az", "ap-northeast-2", "0.01"),
    ],
)
def test_spot_values_of_october_2025(
    capsys: pytest.CaptureFixture[str], sku: str, region: str, price: str
) -> None:
    out = run(capsys, "show", sku, "--region", region, "--as-of", "2025-10-31", "--format", "json")
    [listed] = json.loads(out)["skus"]
    assert [row["price"] for row in listed["price"]] == [price]


def test_list_counts_services_and_lists_prices(capsys: pytest.CaptureFixture[str]) -> None:
    services = json.loads(run(capsys, "list", "--format", "json"))["services"]
    skus = {row["service"]: row["skus"] for row in services}
    assert skus["aws.msk"] > 40
    assert {
        "azure.event-hubs",
        "gcp.managed-kafka",
        "aiven.usage",
        "instaclustr.kafka",
        "confluent.freight",
        "onprem.server",
        "fx.usd",
    } <= skus.keys()
    text = run(capsys, "list", "aws.s3.standard", "--region", "ap-northeast-2")
    assert "51,200" in text
    rows = list(csv.DictReader(io.StringIO(run(capsys, "list", "aws.msk", "--format", "csv"))))
    assert {row["region"] for row in rows} >= {"us-east-1", "ap-northeast-2", "eu-central-1"}
    assert all(row["source"] for row in rows)


def test_list_shows_where_sources_contradict(capsys: pytest.CaptureFixture[str]) -> None:
    text = run(capsys, "list", "aws.msk.tiered", "--variants")
    assert "(default)" in text
    assert "sizing-script" in text
    rows = json.loads(run(capsys, "list", "azure", "--variants", "--format", "json"))["variants"]
    options = {(row["figure"], row["option"]): row["value"] for row in rows}
    assert options["azure.event-hubs.standard.kafka_endpoints", "(default)"] == "0"
    assert options["azure.event-hubs.standard.kafka_endpoints", "charged"] == "1"


def test_diff_lists_every_change_in_percent(capsys: pytest.CaptureFixture[str]) -> None:
    text = run(capsys, "diff", "2025-10-31", "2026-10-31")
    assert "-6.50 %" in text  # KRW per USD: 1,428.14 to 1,335.27
    assert "+4.87 %" in text  # KOSA: 10,154,626 to 10,649,115 KRW
    assert "new (listed by --format csv or json): aiven" in text
    rows = json.loads(
        run(capsys, "diff", "2025-10-31", "2026-10-31", "labour", "--format", "json")
    )["changes"]
    operator = next(row for row in rows if row["sku"] == "labour.it-operator")
    assert operator["percent"] == pytest.approx(100 * (10649115 / 10154626 - 1))
    assert "0 changed" in run(capsys, "diff", "2025-10-31", "2026-10-31", "aws.msk")


@pytest.mark.slow
def test_check_passes_and_finds_errors_in_tables(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert "complete and valid" in run(capsys, "check")
    rows = {
        row["tables"]: row["rows"]
        for row in json.loads(run(capsys, "check", "--format", "json"))["tables"]
    }
    assert rows["list"] > 4000
    assert rows["capacity"] > 1000
    tree = shutil.copytree(pricing_root(), tmp_path / "pricing")
    assert "capacity" in run(capsys, "check", str(tree))
    table = tree / "list" / "aws" / "msk.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace(",0.2508,", ",250.8,", 1), encoding="utf-8")
    for folder in (tree, tree / "list"):
        assert main(["prices", "check", str(folder)]) == 2
        err = capsys.readouterr().err
        assert "list/aws/msk.csv:" in err
        assert "got 250.8 for 'aws.msk.kafka.m7g.large'; expected 0.02 to 19 USD per hour" in err
    assert main(["prices", "check", str(tree), "--lock"]) == 2  # nothing is locked meanwhile
    assert "2 problems" in capsys.readouterr().err
    table.write_text(text, encoding="utf-8")
    (tree / "list" / "released.lock").unlink()
    assert main(["prices", "check", str(tree)]) == 2
    assert "list: file not found: released.lock" in capsys.readouterr().err
    locked = json.loads(run(capsys, "check", str(tree), "--lock", "--format", "json"))["locked"]
    assert str(tree / "list" / "released.lock") in locked  # capacities may have new rows, too
    bands = (tree / "bands.csv").read_text(encoding="utf-8")
    for broken in ("", "prefix,unit,low,high,note\n", bands.replace(",GiB,", ",GiBB,", 1)):
        (tree / "bands.csv").write_text(broken, encoding="utf-8")
        assert main(["prices", "check", str(tree)]) == 2
        assert "bands.csv" in capsys.readouterr().err
    (tree / "bands.csv").write_text(bands, encoding="utf-8")
    capacities = tree / "capacity" / "aws.csv"
    kept = [
        line
        for line in capacities.read_text(encoding="utf-8").splitlines(keepends=True)
        if not line.startswith("aws.msk.standard,")
    ]
    capacities.write_text("".join(kept), encoding="utf-8")
    (tree / "capacity" / "released.lock").unlink()
    assert main(["prices", "check", str(tree), "--lock"]) == 2
    assert "which msk-standard needs" in capsys.readouterr().err
    shutil.rmtree(tree / "list")
    assert main(["prices", "check", str(tree)]) == 2
    assert "list: folder not found" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["show", "aws.msk.kafka.m7g.larg"], f"Did you mean '{M7G}'"),
        (["show", M7G, "--region", "seoul"], "a region with prices"),
        (["show", M7G, "--region", "koreacentral"], "It has a price in 24 regions, such as ap-"),
        (["show", M7G, "--as-of", "soon"], "such as 2025-10-31"),
        (["show"], "the following arguments are required: sku"),
        (["list", "aws.mks"], "a sku of book 'list'"),
        (["list", "aws.msk", "--region", "ap-northeast-4"], "Did you mean 'ap-northeast-"),
        (["list", "--region", "seoul"], "a region with prices"),
        (["list", "aws.msk", "--region", "koreacentral"], "a region with prices of 'aws.msk'"),
        (["show", "fx.usd.krw", "--region", "mars"], "a region with prices"),
        (["diff", "2025-10-31", "2026-10-31", "--region", "mars"], "a region with prices"),
        (["list", "aws.msk", "--variants", "--region", "mars"], "a region with prices"),
        (["list", "--book", "lst"], "Did you mean 'list'"),
        (["diff", "2026-10-31", "2025-10-31"], "expected 2026-10-31 or later"),
        (["diff", "2025-10-31"], "arguments are required"),
        (["diff", "2025-10-31", "2026-10-31", "nothing"], "a sku of book 'list'"),
        (["check", "nowhere"], "a folder of price tables"),
        (["check", ""], "a folder of price tables"),
        (["list", "--as-of", ""], "such as 2025-10-31"),
        (["diff", "2025-10-31", ""], "such as 2025-10-31"),
        (["list", "aws.msk", "--region", ""], "a region with prices"),
        (["list", "--book", ""], "a known book"),
        (["list", "nope", "--variants"], "the start of a figure that has variants"),
        (["chek"], "Did you mean 'check'"),
    ],
)
def test_a_mistake_exits_with_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    assert main(["prices", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert expected in err
    assert "Traceback" not in err


def test_a_price_by_quote_has_no_figure(capsys: pytest.CaptureFixture[str]) -> None:
    text = run(capsys, "show", "instaclustr.kafka.node")
    assert "no figure (quote)" in text
