"""The plot of a tornado: bars to the break-evens of each input, or a note if there is none."""

import pytest
from matplotlib.patches import Rectangle

from kafkatco import ConfluentBasic, Labour, MskStandard, PriceBook, Workload, tornado
from kafkatco.analysis.axes import OperandAxis
from kafkatco.analysis.sensitivity import Move, Tornado
from support.pictures import drawn, marks, same, texts

BOOK = PriceBook("list", as_of="2025-10-31")
AXIS = OperandAxis("fanout", target="fanout")


def of_moves(*moves: Move) -> Tornado:
    return Tornado(moves, "own", "Basic", BOOK.currency, BOOK.describe())


def move(at: tuple[float, ...], low: tuple[float, ...], high: tuple[float, ...]) -> Move:
    return Move(AXIS, 3.0, 0.2, at, low, high, (None,) * len(at))


def bars(ax: object) -> list[tuple[float, float]]:
    return [
        (patch.get_x(), patch.get_x() + patch.get_width())
        for patch in ax.patches  # type: ignore[attr-defined]  # matplotlib's stubs
        if isinstance(patch, Rectangle)
    ]


def points(ax: object) -> list[float]:
    return sorted(x for x, _ in marks(ax, "<", ">"))  # type: ignore[arg-type]  # matplotlib's stubs


def test_bars_run_from_now_to_the_moved_break_even() -> None:
    ax = drawn(of_moves(move((10.0,), (8.0,), (13.0,)), move((10.0,), (10.5,), (9.5,))).plot())
    expected = [(8, 10), (10, 13), (9.5, 10), (10, 10.5)]
    same(sorted(tuple(sorted(bar)) for bar in bars(ax)), sorted(expected))
    assert points(ax) == pytest.approx([8, 9.5, 10.5, 13])
    assert "input -20%" in texts(ax)
    assert "input +20%" in texts(ax)
    assert ax.get_xlabel() == "break-even [TB/month]"


def test_several_break_evens_have_a_bar_each() -> None:
    ax = drawn(of_moves(move((2.0, 20.0), (1.0, 30.0), (3.0, 10.0))).plot())
    same(sorted(tuple(sorted(bar)) for bar in bars(ax)), [(1, 2), (2, 3), (10, 20), (20, 30)])
    heights = [patch.get_y() for patch in ax.patches if isinstance(patch, Rectangle)]
    assert len(set(heights)) == 4  # none covers another


def test_additional_break_evens_are_marks_without_bars() -> None:
    ax = drawn(of_moves(move((10.0,), (7.0, 8.0, 9.0), (12.0,))).plot())
    same(bars(ax), [(10, 12)])
    assert points(ax) == pytest.approx([7, 8, 9, 12])
    assert "marks without bars: there are more or fewer break-evens than now" in texts(ax)


def test_a_label_marks_inputs_without_a_break_even() -> None:
    ax = drawn(of_moves(move((10.0,), (), (12.0,)), move((10.0,), (), ())).plot())
    assert "none at -20%" in texts(ax).splitlines()
    assert "none at -20%, none at +20%" in texts(ax).splitlines()
    assert "marks without bars" not in texts(ax)


@pytest.mark.parametrize("moves", [(), (move((), (), ()),)])
def test_a_plot_without_break_evens_has_a_text(moves: tuple[Move, ...]) -> None:
    assert "no break-even from 0.1 TB to 1 PB a month" in texts(drawn(of_moves(*moves).plot()))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_computed_tornado_can_be_drawn(language: str) -> None:
    options = [
        MskStandard(name="$ MSK 자체 $", region="us-east-1", labour=Labour(fte=0.5)),
        ConfluentBasic(name="_basic", region="us-east-1"),
    ]
    result = tornado(
        Workload(ingress="1 TB/month", retention="1 day"), options, BOOK, options[0].label, "_basic"
    )
    ax = drawn(result.plot(language=language))
    assert "2025-10-31" in texts(ax)
    assert "_basic" in texts(ax)
    assert len(ax.get_yticklabels()) == len(result)
    assert result[0].at
    lines = [list(line.get_xdata()) for line in ax.get_lines()]  # type: ignore[arg-type]  # matplotlib's stubs
    assert all([at, at] in lines for at in result[0].at)
