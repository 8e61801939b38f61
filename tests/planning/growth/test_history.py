"""Reading histories of traffic, and the errors with their lines."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kafkatco import InputError
from kafkatco.planning.growth.history import read_history

MONTHS = [f"2025-{month:02d}" for month in range(1, 8)]


def write(folder: Path, text: str) -> Path:
    path = folder / "traffic.csv"
    path.write_text(text, encoding="utf-8")
    return path


def rows(*cells: str, head: str = "month,ingress [MB/s]") -> str:
    """Return a history of seven months of 5 MB/s whose first rows are ``cells``."""
    default = [f"{month},5" for month in MONTHS]
    return "\n".join([head, *cells, *default[len(cells) :]]) + "\n"


def test_data_of_a_month_is_spread_over_its_own_hours(tmp_path: Path) -> None:
    lines = "\n".join(f"{month},1 TiB" for month in MONTHS)
    read = read_history(write(tmp_path, f"month,ingress\n{lines}\n"))
    # 1 TiB = 2^20 MiB; January has 744 h, February 672 h, April 720 h
    for at, hours in ((0, 744), (1, 672), (3, 720)):
        assert read.rates_mib_s[at] == pytest.approx(2**20 / (hours * 3600), rel=1e-12)
    assert (read.source, read.month(0), read.month(13)) == ("traffic.csv", "2025-01", "2026-02")


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("month,ingress", "5 MB/s"),
        ("month,ingress [MB/s]", "5"),
        ("month, ingress [MB/s] ", " 5 "),
        ("month,ingress [MB/s]", "5.0e0"),
        ("month,ingress", "40 Mbps"),
    ],
)
def test_units_are_in_the_heading_or_in_the_cells(head: str, cell: str, tmp_path: Path) -> None:
    lines = "\n".join(f"{month},{cell}" for month in MONTHS)
    read = read_history(write(tmp_path, f"\ufeff{head}\n{lines}\n\n"))
    assert read.rates_mib_s == pytest.approx([5e6 / 2**20] * 7, rel=1e-12)


def test_a_rate_per_month_is_data_of_that_month(tmp_path: Path) -> None:
    texts = ("3 TB/month", "3 TB")
    one, other = (
        read_history(write(tmp_path, "month,ingress\n" + "".join(f"{m},{t}\n" for m in MONTHS)))
        for t in texts
    )
    assert one == other


@pytest.mark.parametrize(
    "months",
    [
        pd.Series(MONTHS),
        pd.Series(pd.to_datetime([f"{month}-15" for month in MONTHS])),
        pd.Series(pd.period_range("2025-01", periods=7, freq="M")),
    ],
    ids=["text", "dates", "periods"],
)
def test_a_frame_reads_like_a_file(months: Any, tmp_path: Path) -> None:
    frame = pd.DataFrame({"ingress [MB/s]": [5.0] * 7, "month": months})
    expected = read_history(write(tmp_path, rows()))
    for source in (frame, frame.set_index("month")):
        read = read_history(source)
        assert (read.first, read.rates_mib_s) == (expected.first, expected.rates_mib_s)
        assert read.source == "history"


def test_a_frame_names_its_rows() -> None:
    frame = pd.DataFrame({"month": MONTHS, "ingress [MB/s]": [5.0, float("nan"), *[0.0] * 5]})
    with pytest.raises(InputError) as error:
        read_history(frame)
    assert [problem.where for problem in error.value.problems] == [
        f"history[{i}] ingress" for i in range(1, 7)
    ]
    assert error.value.problems[0].given == "''"


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("", ["traffic.csv: the file is empty; expected a CSV file with the columns"]),
        ("month,ingress [TB]\n", ["traffic.csv: got 0 months; expected at least 6 months"]),
        ("month,ingress [TB]\n2025-01,5\n", ["got 1 month; expected at least 6 months"]),
        (rows("2025-01,0"), [":2 ingress: got '0'; expected more than 0", "Leave out the months"]),
        (rows("2025-01,-5"), [":2 ingress: got '-5'; expected a quantity of at least 0"]),
        (rows("2025-01,"), [":2 ingress: got ''; expected the traffic of the month. A missing"]),
        (rows("2025-01,nan"), [":2 ingress: got 'nan'"]),
        (rows("2025-01,1e999"), [":2 ingress: got '1e999'; expected a finite number"]),
        (
            rows("2025-01,5 MB/s"),
            [":2 ingress: got '5 MB/s'; expected a number, since the heading"],
        ),
        (rows("2025-01,5", head="month,ingress"), [":2 ingress: got '5'; expected a number with"]),
        (rows("2025-01,5 h", head="month,ingress"), [":2 ingress: got '5 h'; expected data of"]),
        (rows("2025-01,5 Gb", head="month,ingress"), ["Write 'Gbit' for bits, 'GB' for bytes"]),
        (rows("2025-1,5"), [":2 month: got '2025-1'; expected a month such as 2025-01"]),
        (rows("2025-13,5"), [":2 month: got '2025-13'"]),
        (rows("2025-01-32,5"), [":2 month: got '2025-01-32'"]),
        (rows("2025-01,1,000"), [":2: got 3 cells; expected 2 cells. A number with commas needs"]),
        (rows("2025-01"), [":2: got 1 cell; expected 2 cells"]),
        (
            rows("2025-01,5", "2025-01-31,5"),
            [
                ":3 month: got 2025-01 again; expected each month once",
                "see traffic.csv:2",
                ":4 month: got 2025-03 after 2025-01",
            ],
        ),
        (rows("2024-10,5"), [":3 month: got 2025-02 after 2024-10; expected the 3 months between"]),
        (rows("2025-02,5", "2025-01,5"), [":3 month: got 2025-01 after 2025-02; expected months"]),
        (rows(head="date,ingress [TB]"), [":1: got 'date'; expected month", "Valid: month"]),
        (rows(head="month,ingres [TB]"), [":1: got 'ingres [TB]'", "Did you mean 'ingress'?"]),
        (rows(head="month;ingress [TB]"), ["Separate cells with commas"]),
        (rows(head="month,ingress [TB],egress"), ["got 'egress'", "Leave out other columns"]),
        (rows(head="month"), [":1: no column 'ingress'; expected month, and"]),
        (rows(head="month,month"), [":1: got 'month' twice"]),
        (rows(head="month,ingress [h]"), [":1 ingress: got 'ingress [h]'; expected data of the"]),
        (rows(head="month,ingress [tb]"), ["Unknown unit 'tb'. Did you mean 'TB'?"]),
        ('month,ingress [TB]\n2025-01,"5\n', [":2: invalid CSV: "]),
    ],
)
def test_a_problem_has_its_line(text: str, messages: list[str], tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read_history(write(tmp_path, text))
    for message in messages:
        assert message in str(error.value)
    assert "traffic.csv" in str(error.value)
    assert str(tmp_path) not in str(error.value)


def test_an_error_has_all_problems(tmp_path: Path) -> None:
    text = rows("2025-01,0", "2025-01,-1", "2025-03,", "2025-3,5", "2025-02,5", "2025-06,5 TB")
    with pytest.raises(InputError) as error:
        read_history(write(tmp_path, text))
    assert sorted(problem.where for problem in error.value.problems) == [
        "traffic.csv:2 ingress",
        "traffic.csv:3 ingress",
        "traffic.csv:3 month",
        "traffic.csv:4 ingress",
        "traffic.csv:5 month",
        "traffic.csv:6 month",
        "traffic.csv:7 ingress",
    ]


def test_an_unreadable_file(tmp_path: Path) -> None:
    write(tmp_path, rows())
    with pytest.raises(InputError, match=r"file not found.*Did you mean 'traffic.csv'"):
        read_history(tmp_path / "trafic.csv")
    with pytest.raises(InputError, match="cannot read the file: "):
        read_history(tmp_path)
    (tmp_path / "traffic.csv").write_bytes(b"month,ingress [TB]\n\xff\xfe")
    with pytest.raises(InputError, match="not UTF-8 text"):
        read_history(tmp_path / "traffic.csv")
    with pytest.raises(ValueError, match="a CSV file with the columns month and ingress"):
        read_history(5)


def test_json_is_one_problem(tmp_path: Path) -> None:
    values = ",".join(f'[{1_700_000_000 + i}, "{i}"]' for i in range(300))
    text = f'{{"status": "success", "data": {{"result": [{{"values": [{values}]}}]}}}}'
    with pytest.raises(InputError) as error:
        read_history(write(tmp_path, text))
    [problem] = error.value.problems
    assert str(problem) == (
        "traffic.csv: this is JSON; expected a CSV file with the columns month and ingress"
    )


def test_at_most_ten_problems_are_listed(tmp_path: Path) -> None:
    text = "month,ingress [TB]\n" + "".join(f"{2000 + i}-01,x\n" for i in range(30))
    with pytest.raises(InputError) as error:
        read_history(write(tmp_path, text))
    *listed, rest = error.value.problems
    # one for each of the 30 cells, and one for each of the 29 gaps of eleven months
    assert [problem.where for problem in listed] == [
        f"traffic.csv:{line} ingress" for line in range(2, 12)
    ]
    assert str(rest) == "traffic.csv: 49 more problems"
