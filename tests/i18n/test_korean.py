"""Korean: every command shows its tables, its help and its errors in Korean."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kafkatco.cli.help import EXAMPLES
from kafkatco.cli.main import main, parser
from kafkatco.core.table import Table
from kafkatco.i18n.catalogue import translate
from kafkatco.prices.assumptions import SETS
from kafkatco.scenario.scenario import SCENARIOS, Scenario
from support.ours import OURS

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
    ("assumptions",),
    ("compare", "OURS", "--assumptions", "all"),
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
    *SETS,
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
SOURCES_OWN = re.compile(r"\d{4}-\d{2}-\d{2}: http.*|per broker|.*, https://\S+")


#: Three English words in a row: a sentence, or a part of one.
ENGLISH = re.compile(r"\b[a-z]{2,}(?:[ -][a-z]{2,}){2,}\b")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Table, Table]]:
    """Tables that commands show: each in English and in Korean."""
    pairs: list[tuple[Table, Table]] = []
    plain = Table.translated

    def translated(table: Table, language: str) -> Table:
        korean = plain(table, language)
        pairs.append((table, korean))
        return korean

    monkeypatch.setattr(Table, "translated", translated)
    return pairs


def untranslated(pairs: list[tuple[Table, Table]], *, tables: bool = True) -> set[str]:
    """Return the titles, heads and notes without Korean, and every text with English sentences.

    ``tables`` is false where cells are the price tables' own words, which stay as they are.
    """
    texts: set[str] = {
        text for _, table in pairs for text in (table.title, *table.columns, *table.notes)
    }
    cells = {cell for _, table in pairs for row in table.rows for cell in row if tables}
    english = {text for text in texts if re.search("[A-Za-z]", text) and not HANGUL.search(text)}
    english |= {text for text in texts | cells if ENGLISH.search(without_names(text))}
    return {text for text in english if text not in STAYS and not SOURCES_OWN.fullmatch(text)}


def without_names(text: str) -> str:
    """Return a text without names of options and skus, which stay as they are."""
    for name in sorted(STAYS - {""}, key=len, reverse=True):
        text = text.replace(name, "")
    return re.sub(r"[\w-]+\.[\w.-]+|kafkatco [a-z ]+", "", text)


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
def test_other_commands_are_korean(
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
    ours = tmp_path / "ours.toml"
    ours.write_text(OURS, encoding="utf-8")
    files = {"PARTED": parted, "TRAFFIC": traffic, "OURS": ours, "OUT": tmp_path / "out"}
    where = {word: str(path) for word, path in files.items()}
    typed = [where.get(word, word) for word in words]
    assert main([*typed, "--lang", "ko"]) == 0, capsys.readouterr().err
    assert shown
    assert untranslated(shown, tables=words[0] != "prices") == set()


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
    """Yield the help of every command and of its arguments."""
    yield parser.description or ""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from (choice.help or "" for choice in action._choices_actions)
            for sub in action.choices.values():
                yield from helps(sub)
        elif action.help and not isinstance(action, argparse._HelpAction):
            yield action.help  # that of --help is argparse's own: tests/cli/test_argparse_texts.py


def test_every_help_is_korean() -> None:
    texts = {*helps(parser()), *(shows for group in EXAMPLES.values() for _, shows in group)}
    assert len(texts) > 100
    assert {text for text in texts if not HANGUL.search(translate(text, "ko"))} == set()


def test_amounts_are_those_of_the_english_table(
    shown: list[tuple[Table, Table]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bill", "--lang", "ko"]) == 0
    for english, korean in shown:
        amounts, own = (
            [re.findall(r"[\d,.]*\d", row[5]) for row in table.rows] for table in (english, korean)
        )
        assert any(amounts)
        assert amounts == own


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["bil"], "혹시 'bill'인가요?"),
        (["bill", "nowhere.toml"], "시나리오 파일 없음: 'nowhere.toml'"),
        (["bill", "--format", "jsn"], "혹시 'json'인가요?"),
        (["crossovers", "--over", "ingres"], "혹시 'ingress'인가요?"),
        (["crossovers", "--from", "5"], "단위가 붙은 숫자"),
        (["map", "--rows", "many"], "int 값이 아님"),
        (["map", "--rows", "1"], "정수"),
        (["solve", "--over", "fanout"], "필수 인자 누락: --mine, --other"),
        (["solve", "--mine", "x", "--other", "MSK", "--over", "fanout"], "선택지 중 하나"),
        (["bill", "--form", "json"], "없는 옵션: '--form'"),
        (["prices", "show", "aws.msk.kafka.m7g.larg"], "혹시 'aws.msk.kafka.m7g.large'"),
        (["place"], "[[part]] 섹션 없음"),
        (["report", "--out", ""], "저장할 폴더"),
        (["help", "nothing"], "없는 명령: 'nothing'"),
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
