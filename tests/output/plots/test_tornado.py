"""A tornado as drawn: bars to the break-evens of each input, or why there is none."""

import pytest
from matplotlib.patches import Rectangle

from kafkatco import ConfluentBasic, Labour, MskStandard, PriceBook, Workload, tornado
from kafkatco.analysis.axes import OperandAxis
from kafkatco.analysis.sensitivity import Move, Tornado
from support.pictures import drawn, marks, said, same

BOOK = PriceBook("list", as_of="2025-10-31")
AXIS = OperandAxis("fanout", target="fanout")


def found(*moves: Move) -> Tornado:
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


def test_bars_go_from_now_to_the_moved_break_even() -> None:
    ax = drawn(found(move((10.0,), (8.0,), (13.0,)), move((10.0,), (10.5,), (9.5,))).plot())
    expected = [(8, 10), (10, 13), (9.5, 10), (10, 10.5)]
    same(sorted(tuple(sorted(bar)) for bar in bars(ax)), sorted(expected))
    assert points(ax) == pytest.approx([8, 9.5, 10.5, 13])
    assert "input -20%" in said(ax)
    assert "input +20%" in said(ax)
    assert ax.get_xlabel() == "break-even [TB/month]"


def test_several_break_evens_have_a_bar_each() -> None:
    ax = drawn(found(move((2.0, 20.0), (1.0, 30.0), (3.0, 10.0))).plot())
    same(sorted(tuple(sorted(bar)) for bar in bars(ax)), [(1, 2), (2, 3), (10, 20), (20, 30)])
    heights = [patch.get_y() for patch in ax.patches if isinstance(patch, Rectangle)]
    assert len(set(heights)) == 4  # none covers another


def test_more_of_them_than_now_are_marks_alone() -> None:
    ax = drawn(found(move((10.0,), (7.0, 8.0, 9.0), (12.0,))).plot())
    same(bars(ax), [(10, 12)])
    assert points(ax) == pytest.approx([7, 8, 9, 12])
    assert "marks alone: more or fewer break-evens than now" in said(ax)


def test_none_is_said() -> None:
    ax = drawn(found(move((10.0,), (), (12.0,)), move((10.0,), (), ())).plot())
    assert "none at -20%" in said(ax).splitlines()
    assert "none at -20%, none at +20%" in said(ax).splitlines()
    assert "marks alone" not in said(ax)


@pytest.mark.parametrize("moves", [(), (move((), (), ()),)])
def test_no_break_even_at_all_is_said(moves: tuple[Move, ...]) -> None:
    assert "no break-even from 0.1 TB to 1 PB a month" in said(drawn(found(*moves).plot()))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_it_is_drawn_of_a_real_one(language: str) -> None:
    options = [
        MskStandard(name="$ MSK 자체 $", region="us-east-1", labour=Labour(fte=0.5)),
        ConfluentBasic(name="_basic", region="us-east-1"),
    ]
    made = tornado(
        Workload(ingress="1 TB/month", retention="1 day"), options, BOOK, options[0].label, "_basic"
    )
    ax = drawn(made.plot(language=language))
    text = said(ax)
    assert "2025-10-31" in text
    assert "_basic" in text
    assert len(ax.get_yticklabels()) == len(made)
    assert made[0].at
    lines = [list(item.get_xdata()) for item in ax.get_lines()]  # type: ignore[arg-type]  # matplotlib's stubs
    assert all([at, at] in lines for at in made[0].at)
