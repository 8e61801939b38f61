"""`kafkatco report --html`: one small file, in both languages; and its errors."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import kafkatco as kt
from kafkatco.article import Claims
from kafkatco.cli.main import main
from kafkatco.i18n.message import _
from kafkatco.output.page.texts import templates
from support.page_settings import EVERYTHING
from support.translations import extracted

HANGUL = re.compile("[가-힣]")
DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)


def data(text: str) -> dict[str, Any]:
    [embedded] = DATA.findall(text)
    return dict(json.loads(embedded))


@pytest.mark.slow
def test_it_writes_one_self_contained_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    article_claims: Claims,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["report", "--html", "page.html"]) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err == "kafkatco: written: page.html\n"
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    without_data = DATA.sub("", text)
    external = r"(?:src|href)=\"?https?:|@import|url\(|<link|<img|<iframe"
    assert not re.findall(external, without_data)
    cases, claims = data(text)["cases"], data(text)["claims"]
    assert [case["prices"]["book"] for case in cases] == ["article", "list", "list"]
    assert len(claims) == len(article_claims)


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


def test_a_page_and_a_folder_can_be_written_together(
    tmp_path: Path, ours: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, file = tmp_path / "all", tmp_path / "sub" / "page.html"
    options = ["--html", str(file), "--out", str(folder), "--format", "csv"]
    assert main(["report", ours, *options]) == 0
    written = [line.partition(",")[0] for line in capsys.readouterr().out.splitlines()]
    assert written[0] == "written"
    assert {str(file), str(folder / "bills.csv")} <= set(written)
    assert file.is_file()


def test_an_error_keeps_the_old_page(
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


def test_a_page_needs_scenarios_and_valid_fan_outs() -> None:
    with pytest.raises(kt.InputError, match="a page needs at least one scenario"):
        kt.page({})
    for invalid in (-1.0, 101.0, float("nan")):
        with pytest.raises(kt.InputError, match="fanouts"):
            kt.page({"a": kt.Scenario.load()}, fanouts=[1, invalid])
    with pytest.raises(kt.InputError, match="expected 'en' or 'ko'"):
        kt.page({"a": kt.Scenario.load()}, language="kr")


@pytest.mark.parametrize("ingress", ["0 TB/month", "1e9 TB/month"])
def test_traffic_that_no_page_can_show_is_refused(ingress: str) -> None:
    workload = EVERYTHING["workload"] | {"ingress": ingress}
    scenario = kt.Scenario.from_dict(EVERYTHING | {"workload": workload})
    with pytest.raises(kt.InputError, match=f"ingress: got '{ingress}'"):
        kt.page({"a": scenario})


@pytest.mark.parametrize("fanouts", [[0], [1, 4], [100]])
def test_the_fan_out_of_the_scenario_is_always_among_them(fanouts: list[float]) -> None:
    scenario = kt.Scenario.from_dict(EVERYTHING)
    [case] = data(kt.page({"a": scenario}, fanouts=fanouts))["cases"]
    assert case["fanouts"] == sorted({*fanouts, 4})
    assert all(
        len(deployment["candidates"]) == len(case["fanouts"]) for deployment in case["deployments"]
    )


ASSETS = Path(kt.__file__).parent / "output" / "page" / "assets"


def test_the_page_has_the_templates_that_are_extracted_for_translators() -> None:
    on_page = {
        text for file in ASSETS.iterdir() for text in templates(file.read_text(encoding="utf-8"))
    }
    extracted_from_page = {
        message.id
        for message in extracted()
        if any("output/page/assets/" in path for path, _line in message.locations)
    }
    assert len(on_page) > 50
    assert on_page == extracted_from_page


def test_every_template_of_the_script_is_a_literal() -> None:
    calls = "".join(file.read_text(encoding="utf-8") for file in ASSETS.glob("*.js"))
    computed = re.findall(r"\bsay\((?!\s*\"|template)[^)]*", calls)
    assert computed == ["say(part.dataset.say"]  # the templates of the HTML


def test_the_page_has_the_korean_of_its_templates_and_of_its_data() -> None:
    page = data(kt.page({_("list prices"): kt.Scenario.load()}, fanouts=[1]))
    korean = page["templates"]["ko"]
    assert korean["Every crossover"] == "모든 교차점"
    assert {text for text in korean if not HANGUL.search(korean[text])} == {
        "{name}: {n} {unit}",
        "sku",
    }
    assert page["texts"]["ko"]["compute"] == "컴퓨팅"
    assert page["cases"][0]["title"] == {"en": "list prices", "ko": "정가"}


def test_names_of_the_user_are_never_translated() -> None:
    page = data(kt.page({"storage": kt.Scenario.load()}, title="platform", fanouts=[1]))
    assert page["title"] == {"en": "platform", "ko": "platform"}
    assert page["cases"][0]["title"] == {"en": "storage", "ko": "storage"}
