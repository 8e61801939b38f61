"""Estimates of growth: closed forms by hand, random paths, and the coverage of intervals."""

import datetime as dt
import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kafkatco import Fitted, InputError, KafkatcoError, fit_growth
from kafkatco.planning.growth.diagnostics import warnings_of
from kafkatco.planning.growth.estimate import MAX_GROWTH, Estimate, Method, estimate
from kafkatco.planning.growth.history import History
from support.paths import ROOT

METHODS: tuple[Method, ...] = ("walk", "trend")
JANUARY = dt.date(2023, 1, 1)
HOURS = np.full(13, 730.0)


def history(rates: Any) -> History:
    return History("traffic.csv", JANUARY, tuple(map(float, rates)))


#: Of six months, doubling three times: log2 is 0 1 1 2 2 3, and changes are 1 0 1 0 1.
DOUBLING = history([1, 2, 2, 4, 4, 8])


def t_of_4(p: float) -> float:
    """Return a quantile of Student's t with 4 degrees of freedom, in closed form.

    Source: Shaw, Sampling Student's T distribution, J. Computational Finance 9 (4), 2006.
    """
    root = math.sqrt(4 * p * (1 - p))
    q = math.cos(math.acos(root) / 3) / root
    return math.copysign(2 * math.sqrt(q - 1), p - 0.5)


def test_the_closed_form_agrees_with_tables() -> None:
    assert t_of_4(0.95) == pytest.approx(2.132, abs=5e-4)  # any table of Student's t


def test_the_walk_by_hand() -> None:
    fitted = estimate(DOUBLING, "walk")
    # mean 3/5; variance (3 x 0.4^2 + 2 x 0.6^2) / 4 = 0.3, in units of log 2
    assert fitted.rate == pytest.approx(0.6 * math.log(2), rel=1e-14)
    assert fitted.spread == pytest.approx(math.sqrt(0.3) * math.log(2), rel=1e-14)
    assert fitted.freedom == 4
    assert fitted.level_mib_s == pytest.approx(8.0, rel=1e-14)
    assert fitted.annual_rate() == pytest.approx(2**7.2 - 1, rel=1e-12)
    for p in (0.05, 0.25, 0.95):
        rate = 0.6 + t_of_4(p) * math.sqrt(0.3 / 5)
        assert fitted.annual_rate(p) == pytest.approx(2 ** (12 * rate) - 1, rel=1e-9)
        # after 3 months: 3 x 0.6, scale sqrt(0.3) x sqrt(3 + 9 / 5)
        after = 1.8 + t_of_4(p) * math.sqrt(0.3 * 4.8)
        assert fitted.growth(3, p) == pytest.approx(2**after, rel=1e-9)
    assert fitted.growth(0, 0.95) == 1.0


def test_the_trend_by_hand() -> None:
    fitted = estimate(DOUBLING, "trend")
    # x = -2.5 .. 2.5, S = 17.5, x y = 9.5; squares of y 5.5, left 5.5 - 9.5^2 / 17.5 = 12 / 35
    assert fitted.rate == pytest.approx(9.5 / 17.5 * math.log(2), rel=1e-14)
    assert fitted.spread == pytest.approx(math.sqrt(12 / 35 / 4) * math.log(2), rel=1e-12)
    assert fitted.level_mib_s == pytest.approx(2 ** (1.5 + 2.5 * 9.5 / 17.5), rel=1e-14)
    for p in (0.05, 0.75):
        t = t_of_4(p)
        rate = 9.5 / 17.5 + t * math.sqrt(3 / 35 / 17.5)
        assert fitted.annual_rate(p) == pytest.approx(2 ** (12 * rate) - 1, rel=1e-9)
        scale = math.sqrt(3 / 35 * (1 + 1 / 6 + 5.5**2 / 17.5))  # 3 months after x = 2.5
        assert fitted.growth(3, p) == pytest.approx(2 ** (3 * 9.5 / 17.5 + t * scale), rel=1e-9)
    assert fitted.growth(0, 0.95) == 1.0


@pytest.mark.parametrize("method", METHODS)
def test_an_exponential_without_noise_is_recovered(method: Method) -> None:
    fit = fit_growth(history(3 * 1.02 ** np.arange(30)), method=method, months=13)
    assert fit.annual_rate == pytest.approx(1.02**12 - 1, rel=1e-9)
    assert fit.annual_interval(0.9) == pytest.approx([1.02**12 - 1] * 2, rel=1e-9)
    assert fit.estimate.spread < 1e-12
    np.testing.assert_allclose(fit.quantile(0.95), fit.level * 1.02 ** np.arange(13), rtol=1e-9)
    assert fit.warnings == ()


UNIFORM = st.floats(0.001, 0.999)


@pytest.mark.parametrize("method", METHODS)
@given(data=st.data(), first=st.floats(0.1, 1e3))
def test_mirrored_draws_lie_on_both_sides_of_the_median(
    method: Method, data: st.DataObject, first: float
) -> None:
    model = Fitted(file=history(1.02 ** (np.arange(9) + np.tile([0, 1, -1], 3))), method=method)
    uniform = data.draw(hnp.arrays(float, (3, model.dimensions(13)), elements=UNIFORM))
    mirrored = np.concatenate([uniform[:, :1], 1 - uniform[:, 1:]], axis=1)
    one, other = (model.paths(each, np.full(13, first), HOURS) for each in (uniform, mirrored))
    path = model.path(np.full(13, first), HOURS)
    np.testing.assert_allclose(np.sqrt(one * other), np.tile(path, (3, 1)), rtol=1e-9)
    np.testing.assert_array_equal(one[:, 0], first)


@pytest.mark.parametrize("method", METHODS)
def test_draws_have_the_quantiles_of_the_closed_form(method: Method) -> None:
    model = Fitted(file=DOUBLING, method=method)
    uniform = np.random.default_rng(8).random((20_000, model.dimensions(13)))
    paths = model.paths(uniform, np.full(13, 5.0), HOURS)
    assert paths.shape == (20_000, 13)
    for ahead in (1, 4, 12):
        for p in (0.05, 0.25, 0.5, 0.95):
            below = np.mean(paths[:, ahead] < 5.0 * model.estimate.growth(ahead, p))
            # four standard errors of a share, sqrt(p (1 - p) / 20000)
            assert below == pytest.approx(p, abs=4 * math.sqrt(p * (1 - p) / 20_000))


@pytest.mark.parametrize("method", METHODS)
def test_boundaries_of_drawn_paths(method: Method) -> None:
    model = Fitted(file=DOUBLING, method=method)
    assert model.dimensions(1) == 0
    assert model.paths(np.empty((4, 0)), np.array([5.0]), HOURS[:1]).tolist() == [[5.0]] * 4
    taken = model.dimensions(13)
    middle = model.paths(np.full((1, taken), 0.5), np.full(13, 5.0), HOURS)
    np.testing.assert_allclose(middle[0], model.path(np.full(13, 5.0), HOURS), rtol=1e-12)
    ends = np.array([np.full(taken, 1e-12), np.full(taken, 1 - 1e-12)])
    extreme = model.paths(ends, np.full(13, 5.0), HOURS)
    assert extreme.min() >= 5.0 / MAX_GROWTH * (1 - 1e-12)
    assert extreme.max() <= 5.0 * MAX_GROWTH * (1 + 1e-12)
    np.testing.assert_array_equal(model.paths(ends, np.zeros(13), HOURS), 0.0)
    with pytest.raises(InputError, match="uniform"):
        model.paths(np.full((1, taken + 1), 0.5), np.full(13, 5.0), HOURS)


def test_all_paths_of_a_certain_model_are_alike() -> None:
    from kafkatco import Compound

    model = Compound(annual_rate=0.5)
    assert model.dimensions(13) == 0
    paths = model.paths(np.empty((3, 0)), np.full(13, 2.0), HOURS)
    np.testing.assert_array_equal(paths, np.tile(model.path(np.full(13, 2.0), HOURS), (3, 1)))


def correlated(shocks: Any, keep: float) -> Any:
    """Return shocks of the same variance with the autocorrelation ``keep``."""
    out = np.empty_like(shocks)
    out[:, 0] = shocks[:, 0]
    for i in range(1, shocks.shape[1]):
        out[:, i] = keep * out[:, i - 1] + math.sqrt(1 - keep**2) * shocks[:, i]
    return out


#: The processes of the table in docs/how-to/fit-growth.md, as functions of shocks.
PROCESSES = {
    "random walk with drift": lambda e: np.cumsum(e, axis=1),
    "trend with independent residuals": lambda e: e,
    "trend with autocorrelated residuals (0.6)": lambda e: correlated(e, 0.6),
    "walk with autocorrelated growth (0.3)": lambda e: np.cumsum(correlated(e, 0.3), axis=1),
}


def coverage(
    process: Any, method: Method, months: int = 24, ahead: int = 12, draws: int = 1000
) -> float:
    """Return the share of 90 % intervals that contain the traffic ``ahead`` months later."""
    shocks = np.random.default_rng(8).normal(size=(draws, months + ahead))
    traffic = np.exp(0.02 * np.arange(months + ahead) + 0.05 * process(shocks))
    count = 0
    for row in traffic:
        fitted = estimate(history(row[:months]), method)
        reached = row[-1] / fitted.level_mib_s
        count += bool(fitted.growth(ahead, 0.05) <= reached <= fitted.growth(ahead, 0.95))
    return count / draws


def test_intervals_have_the_coverage_of_the_documents() -> None:
    page = ROOT / "docs" / "how-to" / "fit-growth.md"
    rows = re.findall(r"^\| (.*?) \| (\d+) % \| (\d+) % \|$", page.read_text("utf-8"), re.MULTILINE)
    assert [name for name, *_ in rows] == list(PROCESSES)
    for name, *shares in rows:
        for method, share in zip(METHODS, shares, strict=True):
            # four standard errors of a share of 1000: at most 0.063
            p = int(share) / 100
            most = max(4 * math.sqrt(p * (1 - p) / 1000), 0.01)
            assert coverage(PROCESSES[name], method) == pytest.approx(p, abs=most), (name, method)


RNG = np.random.default_rng(8)
NOISE = 0.03 * RNG.normal(size=36)


def grown(log: Any) -> History:
    return history(np.exp(np.asarray(log)))


@pytest.mark.parametrize(
    ("traffic", "method", "warning"),
    [
        (grown(np.cumsum(NOISE[:8])), "walk", "8 months, less than two years: seasons look"),
        (
            grown(np.cumsum(0.02 + NOISE / 3) - np.eye(36)[35] * 0.7),
            "walk",
            "%, unlike any other month: has the month ended?",
        ),
        (
            grown(np.cumsum(0.02 + NOISE / 9 + np.eye(36)[13] * 0.7)),
            "walk",
            "2024-02 changed by +10",
        ),
        (
            grown(0.02 * np.arange(36) + NOISE / 9 + np.eye(36)[20] * 0.7),
            "trend",
            "off the trend, unlike any other month: a break, or a wrong row?",
        ),
        (
            grown(np.cumsum(np.repeat([0.08, 0.01], 18) + NOISE / 3)),
            "walk",
            "a month up to 2024-07 and ",
        ),
        (
            grown(0.02 * np.arange(36) + NOISE / 3 + 0.3 * (np.arange(36) % 12 == 11)),
            "trend",
            "the months of the year differ",
        ),
        (grown(np.cumsum(NOISE)), "trend", "residuals are autocorrelated"),
        (grown(0.02 * np.arange(36) + NOISE), "walk", "growth reverts from month to month"),
        (
            grown(np.cumsum(correlated(NOISE[None, :], 0.8)[0])),
            "walk",
            "growth persists from month to month",
        ),
    ],
)
def test_broken_assumptions_cause_warnings(traffic: History, method: Method, warning: str) -> None:
    warnings = warnings_of(traffic, method)
    assert any(warning in text for text in warnings), warnings


def test_a_jump_in_a_smooth_history_causes_a_warning() -> None:
    traffic = history([*1.02 ** np.arange(20), *(3 * 1.02 ** np.arange(20))])
    assert "2024-09 changed by" in warnings_of(traffic, "walk")[0]


@pytest.mark.parametrize("method", METHODS)
def test_an_ordinary_history_seldom_causes_a_warning(method: Method) -> None:
    rng = np.random.default_rng(8)
    shocks = rng.normal(size=(300, 36)) * 0.05 + (0.02 if method == "walk" else 0.0)
    rows = np.cumsum(shocks, axis=1) if method == "walk" else shocks + 0.02 * np.arange(36)
    warned = np.mean([bool(warnings_of(grown(row), method)) for row in rows])
    # three tests at 1 % and one at 5 %, so 8 % at most, and four standard errors of 300
    assert warned <= 0.08 + 4 * math.sqrt(0.08 * 0.92 / 300)


def test_a_median_needs_no_scipy_and_an_interval_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "scipy", None)
    model = Fitted(file=DOUBLING)
    assert model.path(np.full(3, 1.0), HOURS[:3])[1] == pytest.approx(2**0.6)
    with pytest.raises(KafkatcoError, match=r"kafkatco\[uncertainty\]"):
        model.paths(np.full((1, model.dimensions(3)), 0.5), np.full(3, 1.0), HOURS[:3])
    with pytest.raises(KafkatcoError, match=r"kafkatco\[uncertainty\]"):
        fit_growth(DOUBLING)


@given(st.integers(6, 60), st.floats(-0.2, 0.2), st.floats(0, 0.3), st.sampled_from(METHODS))
def test_intervals_are_nested_and_widen(
    months: int, rate: float, spread: float, method: Method
) -> None:
    fitted = Estimate(method, months, rate, spread, 1.0)
    ahead = np.arange(37)
    low, lower, upper, high = (fitted.growth(ahead, p) for p in (0.05, 0.25, 0.75, 0.95))
    assert np.all(low <= lower)
    assert np.all(lower <= fitted.growth(ahead))
    assert np.all(fitted.growth(ahead) <= upper)
    assert np.all(upper <= high)
    assert np.all(np.diff(fitted.scale(ahead)) > 0)
