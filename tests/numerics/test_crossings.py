"""Every crossing and no other: by construction, and against a dense scan."""

from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kafkatco import Crossing, Curve, crossings, envelope
from support.scan import assert_same, sign_changes

X: Any = Curve.identity(0.0, 10.0)


def flat(value: float) -> Any:
    return Curve.constant(value, X)


def test_a_root_and_the_cheaper_option_on_either_side() -> None:
    assert crossings(X, flat(4), names=("usage", "flat")) == (
        Crossing(4.0, "root", "usage", "flat", 4.0, 4.0),
    )


def test_a_jump_that_no_root_finder_sees() -> None:
    # 3 brokers up to 5, 6 beyond: 1.5 x 3 = 4.5 < 5 < 9 = 1.5 x 6, and the curves never meet
    brokers = 3 * np.ceil(X / 5)
    [crossing] = crossings(1.5 * brokers, flat(5), names=("self", "managed"))
    assert (crossing.x, crossing.kind, crossing.below, crossing.above) == (
        5.0,
        "jump",
        "self",
        "managed",
    )


def test_a_saw_tooth_crosses_many_times() -> None:
    # ceil(x) against x + 0.5: the teeth cross at every half and every whole number
    changes = crossings(np.ceil(X), X + 0.5, names=("steps", "line"))
    np.testing.assert_allclose([change.x for change in changes], np.arange(1, 20) * 0.5)
    assert [change.kind for change in changes] == ["root", "jump"] * 9 + ["root"]


def test_touching_is_not_crossing() -> None:
    assert crossings(np.abs(X - 5), 0 * X) == ()
    assert crossings(np.maximum(X, 5), flat(5)) == ()


def test_identical_options_never_cross() -> None:
    steps = np.ceil(X * 3) / 3
    assert crossings(steps, steps) == ()
    assert crossings(steps, (steps * 7) / 7 * (1 + 1e-15)) == ()


def test_a_tie_over_an_interval_is_one_crossing_with_two_ends() -> None:
    # below 3 a is cheaper, from 3 to 6 equal, beyond 6 b is
    a = np.maximum(np.minimum(X, 3), X - 3)
    [crossing] = crossings(a, flat(3), names=("a", "b"))
    assert (crossing.x, crossing.until, crossing.kind) == (3.0, 6.0, "root")


def test_no_crossing_where_an_option_is_infeasible() -> None:
    blocked = (X > 3) & (X <= 5)
    assert crossings(X, flat(4), blocked=blocked) == ()
    [crossing] = crossings(X, flat(4), blocked=X > 5)
    assert crossing.x == 4.0


def test_no_crossing_at_an_end_of_the_domain() -> None:
    assert crossings(X, flat(0)) == ()
    assert crossings(X, flat(10)) == ()


def test_an_infinite_cost_is_above_every_finite_one() -> None:
    a: Any = np.where(X > 5, np.inf, 0 * X + 1)
    [crossing] = crossings(a, flat(2), names=("a", "b"))
    assert (crossing.x, crossing.kind, crossing.below) == (5.0, "jump", "a")
    assert crossings(a, 2 * a) == ()


def test_envelope_has_the_cheapest_option_or_none() -> None:
    parts = envelope({"usage": X, "flat": flat(4)}, {"usage": X > 2, "flat": (X <= 3) | (X > 6)})
    assert [(p.start, p.stop, p.winner) for p in parts] == [
        (0.0, 2.0, "usage"),
        (2.0, 3.0, None),
        (3.0, 6.0, "flat"),
        (6.0, 10.0, None),
    ]


def test_rounded_edges_do_not_make_a_sliver_with_a_winner() -> None:
    a: Any = np.where(X > 3, 5.0, 1.0)
    b: Any = np.where(X > 3 * (1 + 1e-13), 6.0, 2.0)
    [part] = envelope({"a": a, "b": b}, {})
    assert part.winner == "a"
    assert crossings(a, b) == ()
    late: Any = np.where(X > 3, 5.0, 1.0)
    assert crossings(late, flat(3), blocked=X > 3 * (1 + 1e-13)) == ()


def test_envelope_gives_ties_to_the_first() -> None:
    [part] = envelope({"a": flat(1), "b": flat(1)}, {})
    assert part.winner == "a"


@st.composite
def saws(draw: st.DrawFn) -> Any:
    """Costs as they are: a base, a slope, whole units of a step, and a cheaper second tier."""
    base = draw(st.floats(0, 20))
    slope = draw(st.floats(0, 3))
    step = draw(st.floats(0.15, 4))
    price = draw(st.floats(0, 4))
    edge = draw(st.floats(1, 9))
    return base + slope * X + price * np.ceil(X / step) - 0.5 * slope * np.maximum(X - edge, 0)


@given(saws(), saws())
def test_crossings_are_exactly_the_sign_changes_of_a_scan(a: Any, b: Any) -> None:
    changes = crossings(a, b)
    x = np.linspace(0, 10, 20_001)[1:-1]
    # two edges that differ by rounding may have a point of the scan between them: keep off edges
    edges = np.union1d(a.edges, b.edges)
    x = x[np.min(np.abs(x[:, None] - edges), axis=1) > 1e-9]
    assert_same(changes, sign_changes(x, a(x), b(x)))
    at = np.array([change.x for change in changes])
    ends = np.concatenate([[0.0], at, [10.0]])
    for before, here, after in zip(ends[:-2], ends[1:-1], ends[2:], strict=True):
        step = 1e-3 * min(here - before, after - here, 1e-3)
        left, right = here - step, here + step
        rounding = 1e-12 * max(abs(a(here)), abs(b(here)))
        before_it, after_it = a(left) - b(left), a(right) - b(right)
        assert min(before_it, after_it) <= rounding
        assert max(before_it, after_it) >= -rounding


@given(saws(), saws(), saws())
def test_the_envelope_is_the_least_cost(a: Any, b: Any, c: Any) -> None:
    curves = {"a": a, "b": b, "c": c}
    parts = envelope(curves, {})
    assert parts[0].start == 0
    assert parts[-1].stop == 10
    for part, following in pairwise(parts):
        assert part.stop == following.start
        assert part.winner != following.winner
    for part in parts:
        middle = 0.5 * (part.start + part.stop)
        costs = {name: float(curve(middle)) for name, curve in curves.items()}
        assert part.winner is not None
        assert costs[part.winner] <= min(costs.values()) * (1 + 1e-9)
