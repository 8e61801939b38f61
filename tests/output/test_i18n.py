"""Korean: what each command shows is translated, and nothing in the file is idle or broken."""

from __future__ import annotations

import argparse
import ast
import csv
import inspect
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from kafkatco.cli.help import EXAMPLES
from kafkatco.cli.main import main, parser
from kafkatco.core.table import Table
from kafkatco.output.i18n import translate, translated
from kafkatco.scenario.scenario import SCENARIOS, Scenario
from support.paths import ROOT

TEXTS: dict[str, str] = tomllib.loads(
    (files("kafkatco") / "output" / "translations" / "ko.toml").read_text(encoding="utf-8")
)["texts"]
HANGUL = re.compile("[가-힣]")
MAP = ("map", "--rows", "2", "--y", "krw")
COMMANDS = (
    ("bill",),
    ("compare",),
    ("crossovers",),
    ("crossovers", "--over", "fanout"),
    ("project",),
    ("recommend",),
    ("recommend", "--staff", "0", "--compliance", "HIPAA", "--cloud", "gcp"),
    ("plan",),
    ("sensitivity",),
    MAP,
)
OTHERS = (
    ("claims",),
    ("report", "--out", "OUT"),
    ("place", "PARTED"),
    ("solve", "--mine", "MSK", "--other", "Confluent Cloud Basic", "--over", "ingress"),
    ("sensitivity", "--mine", "MSK", "--other", "Confluent Cloud Basic"),
    ("prices", "list"),
    ("prices", "list", "aws.msk.storage"),
    ("prices", "list", "--variants"),
    ("prices", "show", "aws.msk.kafka.m7g.large", "--region", "ap-northeast-2"),
    ("prices", "diff", "2025-10-31", "2026-10-31", "--impact", "article"),
    ("prices", "check"),
    ("simulate", "--draws", "64"),
    ("simulate", "--draws", "64", "--over", "fanout"),
    ("break-even", "--draws", "64", "--mine", "MSK", "--other", "Confluent Cloud Basic"),
    ("importance", "--draws", "64"),
    ("fit", "TRAFFIC"),
    ("fit", "TRAFFIC", "--method", "trend"),
)
#: Names of deployments and families, and units: what stays as it is in every language.
STAYS = {
    *(item.label for name in ("article", "every-kind") for item in Scenario.load(name).deployments),
    "self-hosted",
    "cloud-managed",
    "fully-managed",
    "sku",
    "sha256",
    "KRW",
    "USD",
    "TB/month",
    "",
}
#: What a source says of a price stays in its own words, as do its dates.
SOURCES_OWN = re.compile(r"\d{4}-\d{2}-\d{2}: http.*|per broker")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Table, Table]]:
    """What has been shown: the tables, and what became of them."""
    found: list[tuple[Table, Table]] = []

    def spy(table: Table, language: str) -> Table:
        there = translated(table, language)
        found.append((table, there))
        return there

    monkeypatch.setattr("kafkatco.output.terminal.translated", spy)
    return found


def untranslated(pairs: list[tuple[Table, Table]]) -> set[str]:
    texts = {text for _, table in pairs for text in (table.title, *table.columns, *table.notes)}
    return {
        text
        for text in texts
        if re.search("[A-Za-z]", text)
        and not (HANGUL.search(text) or text in STAYS or SOURCES_OWN.fullmatch(text))
    }


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["article", "every-kind"])
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_titles_columns_and_notes_are_korean(
    words: tuple[str, ...],
    scenario: str,
    shown: list[tuple[Table, Table]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([words[0], scenario, *words[1:], "--lang", "ko"]) == 0, capsys.readouterr().err
    assert shown
    assert untranslated(shown) == set()


@pytest.mark.slow
@pytest.mark.usefixtures("claims_computed_once")
@pytest.mark.parametrize("words", OTHERS, ids=" ".join)
def test_so_are_those_of_the_other_commands(
    words: tuple[str, ...],
    shown: list[tuple[Table, Table]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    parted = tmp_path / "parted.toml"
    article = (SCENARIOS / "article.toml").read_text(encoding="utf-8")
    parted.write_text(f'{article}\n[[part]]\nname = "all"\nshare = 1.0\n', encoding="utf-8")
    traffic = tmp_path / "traffic.csv"
    traffic.write_text(
        "month,ingress [TB]\n" + "".join(f"2025-0{i},{9 + i}\n" for i in range(1, 8)),
        encoding="utf-8",
    )
    where = {"OUT": str(tmp_path / "out"), "PARTED": str(parted), "TRAFFIC": str(traffic)}
    typed = [where.get(word, word) for word in words]
    assert main([*typed, "--lang", "ko"]) == 0, capsys.readouterr().err
    assert shown
    assert untranslated(shown) == set()


@pytest.mark.slow
@pytest.mark.usefixtures("claims_computed_once")
def test_no_clause_of_a_verdict_or_recommendation_is_left_in_english(
    shown: list[tuple[Table, Table]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["claims", "--lang", "ko"]) == 0
    assert main(["recommend", "every-kind", "--lang", "ko"]) == 0
    [(_, claims), (_, options)] = shown
    cells = [cell for _, _, cell in claims.rows] + [row[3] for row in options.rows]
    for line in (line for cell in cells for line in cell.splitlines()):
        for clause in line.split("; "):
            bare = re.sub("Confluent Cloud Basic|MSK|KRW|USD|TB", "", clause)
            assert HANGUL.search(clause) or not re.search("[A-Za-z]{4}", bare), clause
    assert {row[0] for row in claims.rows} == {"맞음", "조건부로 맞음", "맞지 않음", ""}


def helps(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield what the help of every command says of it and of its arguments."""
    yield parser.description or ""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from (choice.help or "" for choice in action._choices_actions)
            for sub in action.choices.values():
                yield from helps(sub)
        elif action.help:
            yield action.help


def test_every_help_is_korean() -> None:
    said = {*helps(parser()), *(shows for group in EXAMPLES.values() for _, shows in group)}
    assert len(said) > 100
    assert {text for text in said if not HANGUL.search(translate(text, "ko"))} == set()


def test_amounts_are_those_of_the_english_table(
    shown: list[tuple[Table, Table]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bill", "--lang", "ko"]) == 0
    for english, korean in shown:
        numbers = [row[5] for row in english.rows if row[5]]
        assert numbers == [row[5] for row in korean.rows if row[5]]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["bil"], "혹시 'bill'인가요?"),
        (["bill", "nowhere.toml"], "필요한 값: 시나리오 파일(TOML)"),
        (["bill", "--format", "jsn"], "혹시 'json'인가요?"),
        (["crossovers", "--over", "ingres"], "혹시 'ingress'인가요?"),
        (["crossovers", "--from", "5"], "단위가 붙은 숫자"),
        (["map", "--rows", "many"], "정수가 아님"),
        (["map", "--rows", "1"], "정수"),
        (["solve", "--over", "fanout"], "필수 인자 누락: --mine, --other"),
        (["solve", "--mine", "x", "--other", "MSK", "--over", "fanout"], "선택지 중 하나"),
        (["bill", "--form", "json"], "알 수 없는 인자"),
        (["prices", "show", "aws.msk.kafka.m7g.larg"], "혹시 'aws.msk.kafka.m7g.large'"),
        (["place"], "이름이 서로 다른 부분 하나 이상"),
        (["report", "--out", ""], "저장할 폴더"),
        (["help", "nothing"], "올바른 값(kafkatco --help 참고)"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_mistakes_in_both_languages(
    arguments: list[str], expected: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--lang", language]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("kafkatco: ")
    assert "Traceback" not in err
    assert (expected in err) == (language == "ko")


@pytest.mark.parametrize(
    "words", [["--lang", "ko", "bill"], ["bill", "--lang", "ko"], ["bill", "--lang=ko"]]
)
def test_the_language_may_stand_anywhere(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 0
    assert "월 합계" in capsys.readouterr().out


def test_the_option_wins_over_the_variable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KAFKATCO_LANG", "ko")
    assert main(["bill"]) == 0
    assert "월 합계" in capsys.readouterr().out
    assert main(["bill", "--lang", "en"]) == 0
    assert "total a month" in capsys.readouterr().out
    monkeypatch.setenv("KAFKATCO_LANG", "fr")
    assert main(["bill"]) == 2
    assert "KAFKATCO_LANG: got 'fr'; expected 'en' or 'ko'" in capsys.readouterr().err
    monkeypatch.setenv("KAFKATCO_LANG", "")
    assert main(["bill"]) == 0
    assert main(["bill", "--lang", "kr"]) == 2
    assert "Valid: en, ko" in capsys.readouterr().err


def test_a_part_is_a_number_or_a_name_where_its_form_says_so() -> None:
    assert translate("storage to 5", "ko") == "storage 5까지"  # a name of the user's stays
    assert translate("five to six", "ko") == "five to six"  # no numbers, no stretch
    assert translate("1,234.5 to 2e+06", "ko") == "1,234.5~2e+06"


def parts(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("text", TEXTS)
def test_the_parts_of_a_form_and_of_its_translation_agree(text: str) -> None:
    assert parts(text) == parts(TEXTS[text])
    TEXTS[text].format(**dict.fromkeys(parts(text), "x"))


def plain(text: str) -> str:
    """Return the words of a text, without what stands between them."""
    return re.sub(r"[^\w\0.%-]+", " ", text.casefold().replace("_", " "))


def constants(source: str) -> Iterator[str]:
    """Yield every text of a module but for its docstrings."""
    tree = ast.parse(source)
    docs = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def known() -> str:
    """Return all that the package, its tables, and argparse may say, text beside text."""
    package = ROOT / "src" / "kafkatco"
    said = [
        text
        for path in package.rglob("*.py")
        for text in constants(path.read_text(encoding="utf-8"))
    ]
    said += constants(inspect.getsource(argparse))
    for suffix in ("toml", "csv", "html", "js", "css"):
        said += [
            path.read_text(encoding="utf-8")
            for path in package.rglob(f"*.{suffix}")
            if path.parent.name != "translations"
        ]
    said += [
        row.replace(",", "\0")
        for row in (ROOT / "pricing/article/article.csv").read_text(encoding="utf-8").splitlines()
    ]
    return plain("\0".join(said))


SAID = known()


def chunks(words: list[str]) -> int:
    """Return of how many texts of the package a sentence can be put together; 99 if of none."""
    count = 0
    while words:
        longest = next((n for n in range(len(words), 0, -1) if " ".join(words[:n]) in SAID), 0)
        if not longest:
            return 99
        words = words[longest:]
        count += 1
    return count


@pytest.mark.parametrize("text", TEXTS)
def test_no_text_is_idle(text: str) -> None:
    # what stands between two parts is a text of the package, or put together from a few of them
    for own in re.split(r"\{\w+\}", text):
        assert chunks(plain(own).strip(" .%/-").split()) <= 4, own


def test_an_idle_text_would_be_found() -> None:
    assert chunks(["total", "a", "month"]) == 1
    assert chunks(["the", "zebra", "costs", "least"]) == 99


HOMES = {"matrix": "article", "guidance": "analysis"}


def guidance() -> Iterator[tuple[str, str]]:
    """Yield each sentence of the guide, with its own Korean column."""
    for name in ("matrix", "guidance"):
        text = (files("kafkatco") / HOMES[name] / f"{name}.csv").read_text(encoding="utf-8")
        for row in csv.DictReader(text.splitlines()):
            yield from ((row[at], row[f"{at}_ko"]) for at in row if f"{at}_ko" in row)


@pytest.mark.parametrize(("english", "korean"), [*guidance()])
@pytest.mark.parametrize("sign", ["+ ", "- "])
def test_what_is_for_or_against_is_that_of_the_guide(sign: str, english: str, korean: str) -> None:
    assert translate(sign + english, "ko") == sign + korean


def test_a_note_with_a_sign_is_a_note() -> None:
    assert translate("+ a floor: book 'list' has no price of aws.msk.storage", "ko") == (
        "+ 하한값: 가격표 'list'에 aws.msk.storage의 가격이 없음"
    )


def test_a_currency_is_three_capitals() -> None:
    assert translate("KRW a month", "ko") == "월 KRW"
    assert translate("ten a month", "ko") == "ten/월"
