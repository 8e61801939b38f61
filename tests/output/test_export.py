"""Results as files: complete, replaced atomically, and CSV that is safe in spreadsheets."""

import csv
import doctest
import io
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kafkatco as kt
from kafkatco import Bills
from kafkatco.article import Claims
from kafkatco.cli.main import main
from kafkatco.costing.bill import bill_of
from kafkatco.output.csv_text import csv_text
from kafkatco.output.report import report
from kafkatco.scenario.scenario import Scenario
from support.ours import OURS
from support.paths import ROOT

#: The characters that OWASP lists, and their full-width forms.
RUN = "=+-@＝＋－＠"
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
SEPARATORS = (",", ";", "\t", "|")
EVIL = "=cmd|'/c calc'!A0"


def runs(text: str, *, every: bool = True) -> bool:
    """Return whether a spreadsheet runs a cell: a formula, or text after a tab or a newline.

    Split by another separator, a cell may hold several numbers and texts: then a number may be its
    start, which ``every=False`` allows.
    """
    if (NUMBER.fullmatch if every else NUMBER.match)(text):
        return False
    blank = "".join(char for char in map(chr, range(0x3001)) if char.isspace()) + '\x00\ufeff"'
    return text.lstrip(blank)[:1] in set(RUN) or (every and text[:1] in set("\t\r\n"))


def cells(text: str, separator: str = ",") -> list[str]:
    """Return the cells of a CSV as a spreadsheet with that separator splits them."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return [cell for row in rows for cell in row]


DANGER = st.text(st.sampled_from([*RUN, *" \t\r\n\xa0\ufeff\";,|'", "a", "1"]), max_size=12)


@given(rows=st.lists(st.lists(st.text() | DANGER, min_size=2, max_size=2), max_size=4))
def test_no_text_starts_a_formula_with_any_separator(rows: list[list[str]]) -> None:
    text = csv_text(["plain", *(rows[0][:1] if rows else ["="])], rows)
    for separator in SEPARATORS:
        for cell in cells(text, separator):
            assert not runs(cell, every=separator == ","), (separator, cell)


@given(row=st.lists(DANGER, min_size=1, max_size=3))
def test_text_keeps_every_character_in_order(row: list[str]) -> None:
    back = next(csv.reader(io.StringIO(csv_text(row, []), newline="")), [""])
    expected = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row]
    assert [cell.replace("'", "") for cell in back] == [cell.replace("'", "") for cell in expected]


@given(value=st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_a_number_is_unchanged(value: float) -> None:
    assert cells(csv_text(["n"], [[value]]))[1] == str(value)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("  =1+1", "  '=1+1"),
        ("\t=1+1", "'\t'=1+1"),
        ("\xa0@SUM(A1)", "\xa0'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("a;=1+1", "a;'=1+1"),
        ("+82 2 123", "'+82 2 123"),
        ("-2.5", "-2.5"),
        ("-2.5 USD", "'-2.5 USD"),
        ("in-between = fine", "in-between = fine"),
        ("50 %, a-b", "50 %, a-b"),
    ],
)
def test_cells_by_hand(text: str, written: str) -> None:
    assert cells(csv_text([text], [])) == [written]


COMMANDS = {
    "bill": (),
    "compare": (),
    "crossovers": (),
    "project": (),
    "recommend": (),
    "plan": (),
    "place": (),
    "sensitivity": (),
    "map": ("--rows", "2"),
    "solve": ("--mine", EVIL, "--other", "basic", "--over", "salary", "--from", "0"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_prints_a_formula(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "evil.toml"
    path.write_text(OURS.replace('"msk"', f'"{EVIL}"').replace('"core"', '" @core"'))
    assert main([command, str(path), *COMMANDS[command], "--format", "csv"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") > 1
    assert not [cell for cell in cells(out) if runs(cell)]
    winner_only = ("plan", "place", "map", "sensitivity")
    assert f"'{EVIL}" in out or command in winner_only


def test_no_file_of_a_report_has_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "evil.toml"
    path.write_text(OURS.replace('"msk"', f'"{EVIL}"'))
    for name, text in report(Scenario.load(path), article=False).files().items():
        assert not [cell for cell in cells(text) if runs(cell)], name


@pytest.fixture
def bills() -> Bills:
    return Scenario.from_dict(tomllib.loads(OURS)).bills()


def test_csv_has_every_line_and_its_prices(tmp_path: Path, bills: Bills) -> None:
    path = kt.export(bills, tmp_path / "bills.csv")
    frame = pd.read_csv(path)
    assert frame["deployment"].unique().tolist() == ["msk", "basic"]
    for bill in bills:
        own = frame[frame["deployment"] == bill.name]
        assert own["cost"].sum() == pytest.approx(bill.total, rel=1e-12)
    assert set(frame["sha256"]) == {bills[0].prices["sha256"]}


def test_a_result_without_columns_of_prices_gets_them(tmp_path: Path) -> None:
    scenario = Scenario.from_dict(tomllib.loads(OURS))
    frame = pd.read_csv(kt.export(scenario.place(), tmp_path / "place.csv"))
    assert list(frame.columns) == [
        "part",
        "deployment",
        "cost",
        "currency",
        "book",
        "as_of",
        "sha256",
    ]


def test_parquet_equals_csv(tmp_path: Path, bills: Bills) -> None:
    pytest.importorskip("pyarrow")
    from_parquet = pd.read_parquet(kt.export(bills, tmp_path / "bills.parquet"))
    from_csv = pd.read_csv(kt.export(bills, tmp_path / "bills.csv"))
    assert list(from_parquet.columns) == list(from_csv.columns)
    pd.testing.assert_series_equal(from_parquet["cost"], from_csv["cost"], rtol=1e-15)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_an_infeasible_option_is_a_row_without_numbers(
    suffix: str, tmp_path: Path, bills: Bills
) -> None:
    pytest.importorskip("pyarrow")
    huge = kt.Workload(ingress="1 GB/s", retention="1 day")
    book = kt.PriceBook("list", as_of="2025-10-31")
    infeasible = bill_of(kt.ConfluentBasic(name="infeasible", region="us-east-1"), huge, book)
    assert infeasible.total is None
    path = kt.export([*bills, infeasible], tmp_path / f"bills{suffix}")
    frame = pd.read_csv(path) if suffix == ".csv" else pd.read_parquet(path)
    own = frame[frame["deployment"] == "infeasible"]
    assert own["component"].tolist() == ["cannot serve"]
    assert own[["quantity", "unit_price", "cost"]].isna().all(axis=None)
    assert frame["cost"].dtype == "float64"


def test_a_file_is_replaced_atomically(
    tmp_path: Path, bills: Bills, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bills.csv"
    path.write_text("old")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(kt.InputError, match="No space left"):
        kt.export(bills, path)
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.xlsx", r"a file \.csv or \.parquet"),
        ("a.cvs", r"Did you mean '\.csv'"),
        ("nowhere/a.csv", "folder not found: .*nowhere"),
    ],
)
def test_an_invalid_path_is_refused(path: str, expected: str, tmp_path: Path, bills: Bills) -> None:
    with pytest.raises(kt.InputError, match=expected):
        kt.export(bills, tmp_path / path)
    assert not list(tmp_path.iterdir())


def test_an_error_names_the_extra_for_parquet(
    tmp_path: Path, bills: Bills, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(kt.KafkatcoError, match=r"pip install 'kafkatco\[parquet\]'"):
        kt.export(bills, tmp_path / "a.parquet")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("values", "expected"),
    [((), "there is no result to export"), (("text",), "got str; expected a result, or several")],
)
def test_only_results_are_written(values: Any, expected: str, tmp_path: Path) -> None:
    with pytest.raises(kt.InputError, match=expected):
        kt.export(values, tmp_path / "a.csv")


def test_a_file_has_results_of_one_type(
    tmp_path: Path, bills: Bills, article_claims: Claims
) -> None:
    with pytest.raises(kt.InputError, match="results of one type"):
        kt.export([bills[0], article_claims], tmp_path / "a.csv")


KINDS = (
    "bill",
    "crossovers",
    "projection",
    "plan",
    "placement",
    "recommendation",
    "sensitivity",
    "map",
)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_from_the_command_line(
    kind: str, ours: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "result.csv"
    assert main(["export", ours, "--as", kind, "--to", str(target)]) == 0
    assert capsys.readouterr().out == f"written: {target}\n"
    frame = pd.read_csv(target)
    assert len(frame) > 0
    assert set(frame["book"]) == {"list"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--as", "focs", "--to", "a.csv"), "Did you mean 'focus'?"),
        (
            ("--as", "focus", "--to", "a.csv"),
            "--as focus needs --month: the billing period, such as 2025-11",
        ),
        (("--to", "a.csv", "--month", "2025-11"), "--month needs --as focus"),
        (("--as", "focus", "--to", "a.csv", "--month", "2025-11", "--growth", "x"), "--months"),
        (("--as", "focus", "--to", "a.csv", "--month", "11/2025"), "a month such as '2025-11'"),
        (("--to", "a.xls"), "a file .csv or .parquet"),
        (("--to", "nowhere/a.csv"), "folder not found: nowhere"),
    ],
)
def test_mistakes_of_the_command_line(
    options: tuple[str, ...],
    expected: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", *options]) == 2
    shown = capsys.readouterr()
    assert expected in shown.err
    assert "Traceback" not in shown.err
    assert not list(tmp_path.iterdir())


def test_the_examples_of_the_document_run() -> None:
    path = ROOT / "docs" / "exports.md"
    results = doctest.testfile(str(path), module_relative=False, encoding="utf-8")
    assert results.attempted > 5
    assert results.failed == 0


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--to", "nowhere/x.csv"), "폴더 없음: nowhere"),
        (("--to", "x.csv", "--month", "2025-11"), "--month에 필요한 옵션: --as focus"),
        (("--to", "x.csv", "--as", "focus"), "청구 기간"),
        (("--to", "x.csv", "--as", "focus", "--month", "soon"), "월, 예: '2025-11'"),
        (
            ("--to", "x.csv", "--as", "focus", "--month", "2025-11", "--growth", "x"),
            "--growth는 --months와",
        ),
    ],
)
def test_mistakes_in_korean(
    options: tuple[str, ...],
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", *options, "--lang", "ko"]) == 2
    assert expected in capsys.readouterr().err


def test_notes_in_korean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    typed = ["export", "--as", "focus", "--month", "2025-11", "--to", "x.csv", "--lang", "ko"]
    assert main(typed) == 0
    out, err = capsys.readouterr()
    assert out == "저장함: x.csv\n"
    assert "MSK의 비용은 하한값: aws.msk.storage, aws.data-transfer.inter-az의 가격이 없음" in err
    (tmp_path / "folder.csv").mkdir()
    assert main(["export", "--to", "folder.csv", "--lang", "ko"]) == 2
    assert "일반 파일이 아님" in capsys.readouterr().err


@pytest.mark.parametrize("value", [None, 5])
def test_a_value_that_is_not_a_result_is_refused(value: Any, tmp_path: Path) -> None:
    kind = type(value).__name__
    with pytest.raises(kt.InputError, match=f"result: got {kind}; expected a result"):
        kt.export(value, tmp_path / "x.csv")
    with pytest.raises(kt.InputError, match=f"bills: got {kind}; expected a bill"):
        kt.focus(value, month="2025-11")


def test_a_scenario_is_not_a_bill() -> None:
    scenario: Any = Scenario.load()
    with pytest.raises(kt.InputError, match="bills: got Scenario; expected a bill"):
        kt.focus(scenario, month="2025-11")
