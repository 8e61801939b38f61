"""Decision maps: as sweeps row by row, true on both sides of each boundary, and as drawn."""

import csv
import io
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from kafkatco import (
    ConfluentBasic,
    InputError,
    Interval,
    Labour,
    MskStandard,
    PriceBook,
    SelfHosted,
    Workload,
    crossovers,
)
from kafkatco.analysis.decision_map import Boundary, DecisionMap, Row, decision_map
from kafkatco.cli.main import main
from kafkatco.costing.bill import bill_of
from kafkatco.deployments import Deployment
from support.plain import PLAIN

BOOK = PriceBook("list", as_of="2025-10-31", assumptions=PLAIN)
GIB_PER_TB = 1e12 / 2**30
#: MiB/s of a decimal terabyte in a month of 730 hours.
MIB_S_PER_TB = 1e12 / 2**20 / (730 * 3600)
SMALL: dict[str, Any] = {"retention": "1 s", "partitions": 1, "peak_to_average": 1.0}
LOAD = Workload(ingress="10 TB/month", **SMALL)


def msk(fte: float = 1.0, monthly: float = 300, **fields: Any) -> MskStandard:
    return MskStandard(
        name="msk",
        region="us-east-1",
        instance="kafka.m7g.large",
        labour=Labour(fte=fte, monthly=f"{monthly!r} USD"),
        **fields,
    )


def own(fte: float = 0.2, monthly: float = 300) -> SelfHosted:
    return SelfHosted(
        name="own",
        region="us-east-1",
        instance="m7g.large",
        labour=Labour(fte=fte, monthly=f"{monthly!r} USD"),
    )


def basic(**fields: Any) -> ConfluentBasic:
    return ConfluentBasic(name="basic", region="us-east-1", units_from="average", **fields)


def break_even(salary: float) -> float:
    """Where three brokers with 1 GiB each and a person cost as much as Confluent [TB/month].

    Bytes in and out cost 0.10 USD per GiB at Confluent and 8/3 x 0.01 between zones at MSK; what
    is kept for a second, in three copies at 0.08 USD, hardly counts.
    """
    per_gib = 0.10 + 3 * 0.08 / (3600 * 730) - 8 / 3 * 0.01
    return (3 * 730 * 0.204 + 3 * 0.10 + salary) / per_gib / GIB_PER_TB


Given = tuple[Workload, Sequence[Deployment]]
BUSY: dict[str, Any] = {"ingress": "10 TB/month", "fanout": 2.0, "partitions": 60}
#: The case at a value of each second input, written out without the library's axes.
CASES: dict[str, tuple[Callable[[float], Given], tuple[str | float, str | float]]] = {
    "salary": (
        lambda y: (Workload(**BUSY), [msk(0.1, monthly=y), own(monthly=y), basic()]),
        (100, 9000),
    ),
    "fanout": (lambda y: (Workload(**{**BUSY, "fanout": y}), [msk(), own(), basic()]), (0, 12)),
    "retention": (
        lambda y: (Workload(**BUSY, retention=f"{y!r} h"), [msk(), own(), basic()]),
        ("1 h", "400 h"),
    ),
    "peak_to_average": (
        lambda y: (Workload(**BUSY, peak_to_average=y), [msk(), own(), basic()]),
        (1, 6),
    ),
    "fte:own": (lambda y: (Workload(**BUSY), [msk(), own(fte=y), basic()]), (0, 3)),
    "discount:msk": (lambda y: (Workload(**BUSY), [msk(discount=y), own(), basic()]), (0, 0.9)),
}


@pytest.fixture(scope="module", params=list(CASES))
def case(request: pytest.FixtureRequest) -> tuple[str, DecisionMap, Callable[[float], Given]]:
    name = str(request.param)
    at, ends = CASES[name]
    load, options = at({"peak_to_average": 2.0}.get(name, 0.5))
    decisions = decision_map(load, options, BOOK, y=name, y_ends=ends, rows=7)
    return name, decisions, at


def test_each_row_is_the_sweep_at_its_value(
    case: tuple[str, DecisionMap, Callable[[float], Given]],
) -> None:
    name, decisions, at = case
    assert len(decisions.rows) == 7
    steps = [b.y - a.y for a, b in zip(decisions.rows, decisions.rows[1:], strict=False)]
    assert steps == pytest.approx([steps[0]] * 6)
    seen = set()
    for row in decisions.rows:
        swept = crossovers(*at(float(row.y)), BOOK)
        assert [part.winner for part in row.intervals] == [p.winner for p in swept.intervals], name
        assert [part.stop for part in row.intervals] == pytest.approx(
            [part.stop for part in swept.intervals], rel=1e-9
        )
        assert row.intervals[0].start == pytest.approx(0.1)
        seen |= {part.winner for part in row.intervals}
    assert len(seen) >= 2  # or the test shows nothing


def test_winners_on_both_sides_of_each_point_by_the_bill(
    case: tuple[str, DecisionMap, Callable[[float], Given]],
) -> None:
    _, decisions, at = case
    lines = decisions.boundaries()
    assert lines
    changes = sum(len(row.intervals) - 1 for row in decisions.rows)
    assert sum(len(line.points) for line in lines) == changes
    for line in lines:
        assert line.below != line.above
        for x, y in line.points:
            load, options = at(float(y))
            for side, expected in ((x * (1 - 1e-7), line.below), (x * (1 + 1e-7), line.above)):
                here = load.operands().replace(ingress_mib_s=side * MIB_S_PER_TB)
                bills = [bill_of(option, here, BOOK) for option in options]
                costs = {one.name: one.total for one in bills if one.total is not None}
                best = min(costs, key=lambda name: costs[name]) if costs else None
                assert best == expected, (x, y, costs)


@pytest.fixture(scope="module")
def small() -> DecisionMap:
    ends: dict[str, Any] = {"x_ends": ("1 TB/month", "13 TB/month"), "y_ends": (0, 400)}
    return decision_map(LOAD, [msk(), basic()], BOOK, rows=3, **ends)


def test_a_boundary_by_hand(small: DecisionMap) -> None:
    [line] = small.boundaries()
    assert (line.below, line.above) == ("basic", "msk")
    assert [y for _, y in line.points] == pytest.approx([0, 200, 400])
    expected = [break_even(salary) for salary in (0, 200, 400)]
    assert [x for x, _ in line.points] == pytest.approx(expected, rel=1e-9)


def test_shares_by_hand(small: DecisionMap) -> None:
    shares = small.winners()
    assert sum(shares.values()) == pytest.approx(1)
    # ingress is drawn from 1 to 13 TB on a log scale, each row halfway to its neighbours
    first, middle, last = (math.log(break_even(pay)) / math.log(13) for pay in (0, 200, 400))
    basic = (100 * first + 200 * middle + 100 * last) / 400
    assert shares["basic"] == pytest.approx(basic)
    assert shares["msk"] == pytest.approx(1 - basic)


def test_shares_sum_to_one(case: tuple[str, DecisionMap, Callable[[float], Given]]) -> None:
    _, decisions, _ = case
    shares = decisions.winners()
    assert sum(shares.values()) == pytest.approx(1)
    assert min(shares.values()) > 0
    winners = {
        part.winner or "none can handle the load"
        for row in decisions.rows
        for part in row.intervals
    }
    assert shares.keys() == winners


def rows_of(small: DecisionMap, *stretches: Sequence[tuple[float, str | None]]) -> DecisionMap:
    """Return a map of the rows 0, 1, ... from 1 on, each of (to, winner)."""
    rows = []
    for i, parts in enumerate(stretches):
        starts = [1.0, *(stop for stop, _ in parts)]
        result = [Interval(a, stop, name) for a, (stop, name) in zip(starts, parts, strict=False)]
        rows.append(Row(float(i), tuple(result)))
    return replace(small, rows=tuple(rows), names=("msk", "basic"))


def test_boundaries_continue_and_break(small: DecisionMap) -> None:
    rows = rows_of(
        small,
        [(3, "basic"), (9, "msk")],
        [(4, "basic"), (9, "msk")],
        [(9, "basic")],
        [(5, "basic"), (9, "msk")],
    )
    assert rows.boundaries() == (
        Boundary("basic", "msk", ((3, 0), (4, 1))),
        Boundary("basic", "msk", ((5, 3),)),
    )


def test_boundaries_of_another_number_begin_anew(small: DecisionMap) -> None:
    teeth: list[tuple[float, str | None]] = [(2, "basic"), (3, "msk"), (4, "basic"), (9, "msk")]
    later: list[tuple[float, str | None]] = [(2.5, "basic"), (3.5, "msk"), (5, "basic"), (9, "msk")]
    rows = rows_of(small, [(6, "basic"), (9, "msk")], teeth, later, [(7, "basic"), (9, None)])
    lines = {(line.below, line.above, line.points) for line in rows.boundaries()}
    assert lines == {
        ("basic", "msk", ((6, 0),)),
        ("basic", "msk", ((2, 1), (2.5, 2))),
        ("basic", "msk", ((4, 1), (5, 2))),
        ("msk", "basic", ((3, 1), (3.5, 2))),
        ("basic", None, ((7, 3),)),
    }


def test_all_options_infeasible() -> None:
    # a Basic cluster takes 250 MB/s: 250e6 x 730 x 3600 / 1e12 = 657 TB a month of average, half
    # of it where the peak is twice that
    decisions = decision_map(
        LOAD,
        [basic()],
        BOOK,
        y="peak_to_average",
        y_ends=(1, 2),
        rows=2,
        x_ends=("1 TB/month", "1 PB/month"),
    )
    assert [[part.winner for part in row.intervals] for row in decisions.rows] == [
        ["basic", None]
    ] * 2
    ends = [row.intervals[0].stop for row in decisions.rows]
    assert ends == pytest.approx([657, 328.5], rel=1e-9)
    share = (math.log(657) + math.log(328.5)) / (2 * math.log(1000))
    assert decisions.winners() == pytest.approx({"basic": share, "": 1 - share})
    assert decisions.to_dict()["rows"][0]["intervals"][1]["winner"] is None
    assert decisions.to_dict()["boundaries"][0]["above"] is None
    assert legend(decisions.plot()) == ["basic", "none can handle the load"]


def legend(ax: Axes) -> list[str]:
    shown = ax.get_legend()
    assert shown is not None
    return [text.get_text() for text in shown.get_texts()]


def test_wrong_maps_are_refused() -> None:
    options = [msk(), basic()]

    def of(**arguments: Any) -> None:
        decision_map(LOAD, options, BOOK, **arguments)

    with pytest.raises(InputError, match="y: got 'fanout'; expected another input than x"):
        of(x="fanout", y="fanout")
    for rows in (1, 0, -3, 1002, 2.5, True):
        with pytest.raises(InputError, match="a whole number of rows, 2 to 1001"):
            of(rows=rows)
    with pytest.raises(InputError, match=r"got 'ingres'.*Did you mean 'ingress'"):
        of(x="ingres")
    with pytest.raises(InputError, match=r"got 'salari'.*Did you mean 'salary'"):
        of(y="salari")
    with pytest.raises(InputError, match=r"got 'fte:mks'.*Did you mean 'msk'"):
        of(y="fte:mks")
    with pytest.raises(InputError, match=r"ingress.*\n.*from: got 5; expected .*unit"):
        of(x_ends=(5, None))
    with pytest.raises(InputError, match=r"ingress.*\n.*more than 2 TB/month"):
        of(x_ends=("2 TB/month", "1 TB/month"))
    with pytest.raises(
        InputError, match=r"salary.*\n.*to: got -1; expected a number of at least 0"
    ):
        of(y_ends=(0, -1))
    with pytest.raises(InputError, match=r"salary.*\n.*more than 7"):
        of(y_ends=(7, 7))


def test_names_must_differ() -> None:
    with pytest.raises(InputError, match="2 deployments have the name 'msk'"):
        decision_map(LOAD, [msk(), msk(discount=0.5)], BOOK, rows=2)


def test_there_must_be_deployments() -> None:
    with pytest.raises(InputError):
        decision_map(LOAD, [], BOOK, rows=2)


def test_one_input_under_two_names_is_refused() -> None:
    with pytest.raises(InputError, match="another input than x"):
        decision_map(LOAD, [msk(), basic()], BOOK, x="krw", y="fx.usd.krw", rows=2)


def test_the_picture_names_winners_and_axes(small: DecisionMap) -> None:
    ax = small.plot()
    assert legend(ax) == ["basic", "msk"]
    assert ax.get_xlabel() == "ingress [TB/month]"
    assert ax.get_ylabel() == "salary [USD/month]"
    assert ax.get_xscale() == "log"
    assert ax.get_xlim() == pytest.approx((1, 13))
    assert ax.get_ylim() == pytest.approx((0, 400))
    [line] = ax.get_lines()
    drawn: Any = line.get_xdata()
    assert list(drawn) == pytest.approx([break_even(salary) for salary in (0, 200, 400)])
    assert small.plot(ax) is ax


def test_every_winner_is_in_the_legend_once(
    case: tuple[str, DecisionMap, Callable[[float], Given]],
) -> None:
    _, decisions, _ = case
    winners = {
        part.winner or "none can handle the load"
        for row in decisions.rows
        for part in row.intervals
    }
    assert sorted(legend(decisions.plot())) == sorted(winners)


def from_nought(small: DecisionMap) -> DecisionMap:
    """Return a map in which two options have half of the first input each, from 0 to 20."""
    halves = (Interval(0, 10, "msk"), Interval(10, 20, "basic"))
    return replace(small, rows=(Row(0, halves), Row(1, halves)))


def test_an_input_from_nought_is_drawn_plainly(small: DecisionMap) -> None:
    ax = from_nought(small).plot()
    assert ax.get_xscale() == "linear"
    assert ax.get_xlim() == (0, 20)


def test_shares_of_an_input_from_nought_are_as_drawn(small: DecisionMap) -> None:
    assert from_nought(small).winners() == pytest.approx({"msk": 0.5, "basic": 0.5})


def looks(decisions: DecisionMap) -> set[tuple[str, str]]:
    """Return the colour and hatch of each region that is drawn."""
    found_looks = set()
    for region in decisions.plot().collections:
        colour: Any = region.get_facecolor()
        found_looks.add((to_hex(colour[0]), str(region.get_hatch())))
    return found_looks


def regions(small: DecisionMap, count: int) -> DecisionMap:
    names = tuple(f"option {i}" for i in range(count))
    parts = tuple(Interval(i + 1, i + 2, name) for i, name in enumerate(names))
    return replace(small, names=names, rows=(Row(0, parts), Row(1, parts)))


def test_seven_regions_look_apart(small: DecisionMap) -> None:
    assert len(looks(regions(small, 7))) == 7


def test_many_regions_look_apart(small: DecisionMap) -> None:
    assert len(looks(regions(small, 14))) == 14


ASKED = (
    "--x-from",
    "1 TB/month",
    "--x-to",
    "13 TB/month",
    "--y-from",
    "0",
    "--y-to",
    "400",
    "--rows",
    "3",
)


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_the_command_with_a_picture(
    form: str, ours: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "map.png"
    assert main(["map", ours, *ASKED, "--format", form, "--out", str(out)]) == 0
    assert out.read_bytes().startswith(b"\x89PNG")
    text = capsys.readouterr().out
    expected = [break_even(salary) for salary in (0, 200, 400)]
    if form == "table":
        assert "cheapest over ingress [TB/month] and salary [USD/month]" in " ".join(text.split())
        assert f"basic to {expected[1]:.6g}, msk to 13" in text
    elif form == "json":
        data = json.loads(text)
        assert (data["x"], data["x_unit"], data["y"], data["y_unit"], data["currency"]) == (
            "ingress",
            "TB/month",
            "salary",
            "USD/month",
            "USD",
        )
        assert [row["y"] for row in data["rows"]] == pytest.approx([0, 200, 400])
        assert [row["intervals"][0]["to"] for row in data["rows"]] == pytest.approx(expected)
        [line] = data["boundaries"]
        assert [x for x, _ in line["points"]] == pytest.approx(expected)
    else:
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["winner"] for row in rows] == ["basic", "msk"] * 3
        assert [float(row["to"]) for row in rows[::2]] == pytest.approx(expected)
        assert [float(row["y"]) for row in rows[::2]] == pytest.approx([0, 200, 400])


@pytest.mark.parametrize("name", ["map.gif", "map", ""])
def test_a_picture_of_another_kind_is_refused(
    name: str, ours: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / name) if name else name
    assert main(["map", ours, *ASKED, "--out", out]) == 2
    shown = capsys.readouterr()
    assert "--out: got" in shown.err
    assert "a file .png, .svg or .pdf" in shown.err
    assert shown.out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["ours.toml"]
