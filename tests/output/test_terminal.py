"""Tables on a terminal: aligned, whole at any width, coloured there alone; and progress there."""

from __future__ import annotations

import io
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from kafkatco.article.scenario import article
from kafkatco.core.table import Table
from kafkatco.i18n.message import Message, verbatim
from kafkatco.output.terminal import renderables
from kafkatco.output.views.bill import bill_table
from kafkatco.output.views.cost_comparison import cost_table
from kafkatco.output.views.crossovers import crossovers_tables
from kafkatco.output.views.projection import projection_table
from kafkatco.scenario.scenario import Scenario

pty = pytest.importorskip("pty")


def texts(*words: str) -> tuple[Message, ...]:
    """Return words as messages that are the same in every language."""
    return tuple(map(verbatim, words))


WIDE = Table(
    verbatim("넓은 글자"),
    texts("구성", "비용", "이유"),
    (
        ("직접 구축한 우리 클러스터", "1,234,567", "한 번에 읽는 소비자 그룹이 많기 때문"),
        ("관리형", "12", ""),
    ),
    frozenset({1}),
    texts("참고: 두 칸을 차지하는 글자"),
)
#: The number of tables of the fixture.
TABLES = 11
#: What progress writes as it begins and ends.
HIDE_CURSOR, SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"


@pytest.fixture(scope="module")
def tables() -> list[Table]:
    crossovers = article().crossovers()
    return [
        *(
            bill_table(bill)
            for bill in (*article().bills(), *Scenario.load("every-kind").bills()[:3])
        ),
        cost_table(crossovers),
        *crossovers_tables(crossovers),
        projection_table(article().project()),
        WIDE,
    ]


def printed(table: Table, width: int) -> list[str]:
    console = Console(width=width, file=io.StringIO(), highlight=False, force_terminal=False)
    console.print(*renderables(table, width), sep="\n")
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def letters(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("width", [80, 100, 140])
@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("index", range(TABLES))
def test_tables_fit_and_no_text_is_cut(
    index: int, language: str, width: int, tables: list[Table]
) -> None:
    assert len(tables) == TABLES
    table = tables[index].translated(language)
    lines = printed(table, width)
    assert max(map(cell_len, lines)) <= width
    text = letters("".join(lines))
    for note in (table.title, *table.notes):
        assert letters(note) in text
    for i, row in product(table.right, table.rows):
        assert row[i] in "\n".join(lines)  # whole, on one line
    kept = sorted(letters("".join(cell for row in table.rows for cell in row)))
    assert not [c for c in set(kept) if text.count(c) < kept.count(c)]


@pytest.mark.parametrize("width", [80, 140])
def test_columns_end_at_the_same_cell(width: int) -> None:
    # the numbers of a column that is right-aligned end under one another, also after wide letters
    table = WIDE
    lines = [line for line in printed(table, width) if "1,234,567" in line or " 12 " in line]
    ends = {cell_len(line[: re.search(r"1,234,567| 12(?= )", line).end()]) for line in lines}  # type: ignore[union-attr]  # else: fails
    assert len(lines) == 2
    assert len(ends) == 1


@given(
    st.lists(
        st.tuples(st.text("가나 ab", max_size=30), st.integers(0, 10**12)), min_size=1, max_size=4
    ),
    st.integers(40, 140),
)
def test_a_number_is_never_split(cells: list[tuple[str, int]], width: int) -> None:
    rows = tuple((name, f"{value:,}", f"{value + 1:,}") for name, value in cells)
    table = Table(verbatim("t"), texts("name", "a", "b"), rows, frozenset({1, 2}))
    shown = "\n".join(printed(table, width))
    for _name, a, b in rows:
        assert a in shown
        assert b in shown


def test_a_table_that_continues_below_repeats_the_columns_that_identify_its_rows() -> None:
    rows = tuple(("same", str(i), *("9" * 20 for _ in range(4))) for i in range(3))
    table = Table(verbatim("t"), texts("name", "row", *"abcd"), rows, frozenset(range(1, 6)))
    lines = [line.split() for line in printed(table, 60) if line.strip().startswith("same")]
    assert [line[:2] for line in lines] == [["same", str(i)] for _ in range(4) for i in range(3)]
    assert sum(len(line) - 2 for line in lines) == 12


COMMAND = [sys.executable, "-m", "kafkatco"]
#: A command that prints nothing for this long [s] has hung.
LONGEST_S = 120.0


def on_terminal(
    *words: str,
    out: Path | None = None,
    stop_at: str = "",
    command: Sequence[str] = COMMAND,
    **environ: str,
) -> tuple[int, str]:
    """Run in a terminal of 100 columns; return the exit status and what it shows.

    Standard output goes to the file ``out`` if there is one.  Once the terminal shows ``stop_at``,
    Ctrl-C is pressed.
    """
    leader, follower = pty.openpty()
    with open(out or os.devnull, "wb") as file:  # noqa: PTH123  # or a device
        done = subprocess.Popen(
            [*command, *words],
            stdin=follower,
            stderr=follower,
            stdout=file if out else follower,
            env={**os.environ, "COLUMNS": "100", "TERM": "xterm-256color", **environ},
        )
    os.close(follower)
    shown, stopped = b"", not stop_at
    while True:
        if not select.select([leader], [], [], LONGEST_S)[0]:
            done.kill()
            pytest.fail("the command prints nothing, and does not end")
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
        if not stopped and stop_at.encode() in shown:
            done.send_signal(signal.SIGINT)
            stopped = True
    os.close(leader)
    return done.wait(LONGEST_S), shown.decode()


def test_colours_are_for_a_terminal_alone(tmp_path: Path) -> None:
    status, shown = on_terminal("bill")
    assert status == 0
    assert "\x1b[1;33m" in shown  # a floor
    status, plain = on_terminal("bill", NO_COLOR="1")
    assert status == 0
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", plain.split("total a month")[1])
    piped = subprocess.run(
        [*COMMAND, "bill"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"},
    )
    assert "\x1b" not in piped.stdout + piped.stderr
    # the text says the same without colours
    assert "5,300,000+" in piped.stdout
    assert "a floor: book 'article' has no price" in piped.stdout


def test_an_infeasible_option_is_red_and_in_words() -> None:
    _, shown = on_terminal("compare", "every-kind")
    assert re.search(r"\x1b\[31m *infeasible", shown)
    assert "\x1b[1;32m" in shown  # the cheapest


def test_progress_leaves_the_result_alone(tmp_path: Path) -> None:
    words = ("sensitivity", "--format", "csv")
    status, shown = on_terminal(*words, out=tmp_path / "out.csv")
    assert status == 0
    assert "inputs" in shown
    assert shown.rstrip().endswith("\x1b[2K")  # gone again
    assert shown.count(HIDE_CURSOR) == shown.count(SHOW_CURSOR)
    piped = subprocess.run([*COMMAND, *words], capture_output=True, check=True)
    assert piped.stdout == (tmp_path / "out.csv").read_bytes()
    assert not piped.stderr


def test_unfinished_work_does_not_keep_the_process() -> None:
    work = (
        "from kafkatco.cli.progress import begin, end, tracking; begin('a'); "
        "left = iter(tracking('b')([1, 2])); next(left); end()"
    )
    status, _ = on_terminal("-c", work, command=[sys.executable])
    assert status == 0


def test_stopping_leaves_the_terminal_whole(tmp_path: Path) -> None:
    status, shown = on_terminal("map", "every-kind", out=tmp_path / "out", stop_at="computing")
    assert status == 130
    assert shown.rstrip().endswith("kafkatco: stopped")
    assert shown.count(HIDE_CURSOR) == shown.count(SHOW_CURSOR)
    assert "Traceback" not in shown
    assert (tmp_path / "out").read_bytes() == b""
