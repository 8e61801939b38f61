"""Distributions: quantiles against closed forms, and invalid parameters."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco.errors import InputError
from kafkatco.uncertainty.distributions import (
    DISTRIBUTIONS,
    Discrete,
    Distribution,
    Fixed,
    Lognormal,
    Normal,
    Pert,
    Samples,
    Triangular,
    Uniform,
)
from kafkatco.uncertainty.shorthand import read_distribution

stats = pytest.importorskip("scipy.stats")

EACH = [
    (Uniform(low=2, high=5), stats.uniform(2, 3)),
    (Triangular(low=1, mode=2, high=5), stats.triang(0.25, 1, 4)),
    (Triangular(low=1, mode=1, high=5), stats.triang(0, 1, 4)),
    # beta(1 + 4 (mode - low) / (high - low), 1 + 4 (high - mode) / (high - low))
    (Pert(low=1, mode=2, high=5), stats.beta(2, 4, 1, 4)),
    (Normal(mean=3, sd=0.5), stats.norm(3, 0.5)),
    (Normal(mean=3, sd=0.5, low=2.5, high=4), stats.truncnorm(-1, 2, 3, 0.5)),
    (Normal(mean=0, sd=1, low=10), stats.truncnorm(10, np.inf)),
    (Normal(mean=0, sd=1, high=-10), stats.truncnorm(-np.inf, -10)),
    (Lognormal(median=3, sigma=0.4), stats.lognorm(0.4, 0, 3)),
]


@pytest.mark.parametrize(("ours", "theirs"), EACH, ids=lambda x: type(x).__name__)
@given(u=st.floats(2.0**-31, 1 - 2.0**-31))
def test_quantiles_agree_with_scipy(ours: Distribution, theirs: Any, u: float) -> None:
    assert ours.quantile(np.array([u]))[0] == pytest.approx(theirs.ppf(u), rel=1e-9)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=9), st.floats(1e-9, 1 - 1e-9))
def test_samples_are_equally_likely(values: list[float], u: float) -> None:
    drawn = Samples(values=tuple(values)).quantile(np.array([u]))[0]
    assert drawn in values
    below = sum(value < drawn for value in values) / len(values)
    upto = sum(value <= drawn for value in values) / len(values)
    assert below - 1e-12 <= u <= upto + 1e-12


def test_discrete_values_have_their_probabilities() -> None:
    middles = (np.arange(1000) + 0.5) / 1000
    drawn = Discrete(values=(7, 1, 3), probabilities=(0.2, 0.5, 0.3)).quantile(middles)
    assert [(drawn == x).sum() for x in (7, 1, 3)] == [200, 500, 300]


INVALID: list[tuple[dict[str, Any], str]] = [
    ({"distribution": "normal", "mean": 3, "sd": -1}, "sd: got -1; expected more than 0"),
    ({"distribution": "normal", "mean": 3, "sd": 0}, "sd"),
    ({"distribution": "normal", "mean": 3, "sd": 1, "low": 41}, "low: got 41; expected at most 40"),
    ({"distribution": "normal", "mean": 3, "sd": 1, "high": -35}, "high: got -35"),
    ({"distribution": "lognormal", "median": 3, "sigma": -0.1}, "sigma: got -0.1"),
    ({"distribution": "lognormal", "median": 0, "sigma": 0.1}, "median: got 0"),
    ({"distribution": "uniform", "low": 5, "high": 2}, "high: got 2; expected more than low, 5"),
    ({"distribution": "uniform", "low": 5, "high": 5}, "high"),
    ({"distribution": "triangular", "low": 1, "mode": 9, "high": 5}, "mode: got 9"),
    ({"distribution": "pert", "low": 1, "mode": 0, "high": 5}, "mode: got 0"),
    ({"distribution": "discrete", "values": [1, 2], "probabilities": [0.5, 0.6]}, "a sum of 1.1"),
    (
        {"distribution": "discrete", "values": [1, 2], "probabilities": [1.5, -0.5]},
        "numbers of at least 0",
    ),
    (
        {"distribution": "discrete", "values": [1, 2], "probabilities": [1.0]},
        "got 1 for 2 values; expected one",
    ),
    ({"distribution": "samples", "values": [1]}, "values"),
    ({"distribution": "normall", "mean": 1, "sd": 1}, "normal"),
    ({"mean": 1, "sd": 1}, "distribution: required field: one of fixed"),
    ({"distribution": "normal", "mean": 1, "sd": 1, "mod": 2}, "mod"),
    ({"distribution": "uniform", "low": 1}, "high: required field"),
    ({"distribution": "normal", "mean": float("nan"), "sd": 1}, "mean"),
]


@pytest.mark.parametrize(("record", "message"), INVALID, ids=[text for _, text in INVALID])
def test_invalid_parameters(record: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        read_distribution(record)


@pytest.mark.parametrize("share", [1 - 2e-9, 1 + 2e-9])
def test_probabilities_sum_to_one_within_rounding(share: float) -> None:
    Discrete(values=(1, 2), probabilities=(0.3, 0.7 + 1e-10))
    with pytest.raises(InputError, match="a sum of 1"):
        Discrete(values=(1, 2), probabilities=(0.3, share - 0.3))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12-20 %/year", Uniform(low=0.12, high=0.2)),
        ("12–20 %/year", Uniform(low=0.12, high=0.2)),  # an en dash
        ("12 to 20 %", Uniform(low=0.12, high=0.2)),
        ("2-3-5", Pert(low=2, mode=3, high=5)),
        ("2..5", Uniform(low=2, high=5)),
        ("8-10-14 TB/month", Pert(low="8 TB/month", mode="10 TB/month", high="14 TB/month")),
        ("1,200-1,500", Uniform(low=1200, high=1500)),
        ("1e-3-2e-3", Uniform(low=0.001, high=0.002)),
        (3, Fixed(value=3.0)),
        ("10 TB/month", Fixed(value="10 TB/month")),
    ],
)
def test_short_forms(text: object, expected: Distribution) -> None:
    assert read_distribution(text) == expected


@pytest.mark.parametrize("value", [None, True, [1, 2], 5j])
def test_a_value_of_another_type_is_an_error(value: object) -> None:
    with pytest.raises(ValueError, match="a range such as '12-20 %/year'"):
        read_distribution(value)


def test_every_distribution_is_registered_by_its_name() -> None:
    assert {model.__name__.lower() for model in DISTRIBUTIONS.values()} == set(DISTRIBUTIONS)
