"""`kafkatco report --html`: one file, small, in the language asked for; and what goes wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import kafkatco as kt
from kafkatco.article import Claims
from kafkatco.cli.main import main
from kafkatco.output.page.build import said
from support.page_settings import EVERYTHING

DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)


def data(text: str) -> dict[str, Any]:
    [found] = DATA.findall(text)
    return dict(json.loads(found))


@pytest.mark.slow
def test_it_writes_one_file_that_needs_no_other(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    article_claims: Claims,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["report", "--html", "page.html"]) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]
    assert capsys.readouterr().out == "written: page.html\n"
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    inside = DATA.sub("", text)
    assert not re.findall(r"(?:src|href)=\"?https?:|@import|url\(|<link|<img|<iframe", inside)
    found = data(text)
    assert [case["prices"]["book"] for case in found["cases"]] == ["article", "list", "list"]
    assert len(found["claims"]) == len(article_claims)


@pytest.mark.slow
def test_every_kind_at_every_fan_out_is_under_two_megabytes(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    assert main(["report", "every-kind", "--html", str(file)]) == 0
    assert len(kt.Scenario.load("every-kind").deployments) >= 15
    assert file.stat().st_size < 2_000_000


def test_it_opens_in_the_language_of_the_command(tmp_path: Path, ours: str) -> None:
    file = tmp_path / "page.html"
    assert main(["report", ours, "--html", str(file), "--lang", "ko"]) == 0
    assert data(file.read_text(encoding="utf-8"))["language"] == "ko"


def test_it_stands_beside_the_folder_where_both_are_asked_for(
    tmp_path: Path, ours: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, file = tmp_path / "all", tmp_path / "sub" / "page.html"
    options = ["--html", str(file), "--out", str(folder), "--format", "csv"]
    assert main(["report", ours, *options]) == 0
    written = capsys.readouterr().out.split()
    assert written[0] == "written"
    assert {str(file), str(folder / "bills.csv")} <= set(written)
    assert file.is_file()


def test_a_page_that_cannot_be_written_leaves_the_one_before(
    tmp_path: Path, ours: str, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = tmp_path / "wrong.toml"
    scenario.write_text("[workload]\n", encoding="utf-8")
    file = tmp_path / "page.html"
    file.write_text("before", encoding="utf-8")
    for arguments in (
        ["report", str(scenario), "--html", str(file)],
        ["report", ours, "--html", str(tmp_path)],
        ["report", ours, "--html", " "],
        ["report", ours, "--html", str(file / "below.html")],
    ):
        assert main(arguments) == 2, arguments
        assert "Traceback" not in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "before"


def test_a_page_has_a_scenario_and_fan_outs_that_are_some() -> None:
    with pytest.raises(kt.InputError, match="at least one scenario"):
        kt.page({})
    for wrong in (-1.0, 101.0, float("nan")):
        with pytest.raises(kt.InputError, match="fanouts"):
            kt.page({"it": kt.Scenario.load()}, fanouts=[1, wrong])
    with pytest.raises(kt.InputError, match="expected 'en' or 'ko'"):
        kt.page({"it": kt.Scenario.load()}, language="kr")


@pytest.mark.parametrize("ingress", ["0 TB/month", "1e9 TB/month"])
def test_a_traffic_that_no_page_can_show(ingress: str) -> None:
    workload = EVERYTHING["workload"] | {"ingress": ingress}
    scenario = kt.Scenario.from_dict(EVERYTHING | {"workload": workload})
    with pytest.raises(kt.InputError, match=f"ingress: got '{ingress}'"):
        kt.page({"it": scenario})


@pytest.mark.parametrize("fanouts", [[0], [1, 4], [100]])
def test_the_scenario_s_own_fan_out_is_always_among_them(fanouts: list[float]) -> None:
    scenario = kt.Scenario.from_dict(EVERYTHING)
    [case] = data(kt.page({"it": scenario}, fanouts=fanouts))["cases"]
    assert case["fanouts"] == sorted({*fanouts, 4})
    assert all(len(item["offers"]) == len(case["fanouts"]) for item in case["deployments"])


def test_every_text_of_the_page_has_its_korean() -> None:
    shown = re.compile(r'say\(\s*"([^"]+)"|data-say="([^"]+)"')
    assets = Path(kt.__file__).parent / "output" / "page" / "assets"
    texts = {
        next(filter(None, match.groups()))
        for file in assets.iterdir()
        for match in shown.finditer(file.read_text(encoding="utf-8"))
    }
    assert len(texts) > 50
    assert texts <= set(said())
    words = data(kt.page({"it": kt.Scenario.load()}, fanouts=[1]))["words"]["ko"]
    assert {text for text in texts if text not in words} == set()
