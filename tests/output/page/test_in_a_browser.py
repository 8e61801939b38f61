"""The page in a real browser computes what the library does, at any setting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import numpy as np
import pytest

from kafkatco.analysis.axes import find_axis
from kafkatco.costing.comparison import Comparison
from kafkatco.scenario.scenario import Scenario
from support.page_settings import (
    CHOICES,
    EVERYTHING,
    GO,
    LINK,
    READ,
    as_set,
    assert_bills_equal,
    assert_crossings_equal,
    assert_equal,
    settings,
    written,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from support.browser import Opener


def check(shown: Page, scenario: Scenario, seed: int, count: int) -> None:
    """Compare ``count`` settings, each at four traffics, on which the crossovers do not depend."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        given = settings(rng, scenario)
        comparison, _ = as_set(scenario, given)
        at_first: dict[str, Any] = {}
        for traffic in (float(10 ** rng.uniform(-1, 3)) for _ in range(4)):
            given["traffic"] = traffic
            shown.evaluate(GO, urlencode(given))
            found = shown.evaluate(READ)
            try:
                assert_bills_equal(
                    found, comparison, traffic / find_axis("ingress", comparison).per_base
                )
                if not at_first:
                    assert_crossings_equal(found, comparison)
                    at_first = found
                for name in ("crossovers", "intervals"):
                    assert found[name] == at_first[name]
            except AssertionError as error:
                raise AssertionError(f"at {given}") from error


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_the_page_is_the_library_at_a_thousand_settings(
    seed: int, show: Opener, tmp_path: Path
) -> None:
    scenario = Scenario.from_dict(EVERYTHING)
    check(show(written(tmp_path, scenario)), scenario, seed, 125)


@pytest.mark.slow
def test_the_page_chooses_as_the_library_does(show: Opener, tmp_path: Path) -> None:
    scenario = Scenario.from_dict(CHOICES)
    check(show(written(tmp_path, scenario)), scenario, 4, 15)


def control(shown: Page, name: str) -> Any:
    return shown.locator(f'[id="{name}"]')


def test_sliders_and_boxes_move_the_numbers(show: Opener, tmp_path: Path) -> None:
    scenario = Scenario.from_dict(EVERYTHING)
    shown = show(written(tmp_path, scenario))
    per_base = find_axis(
        "ingress",
        Comparison.of("test", scenario.workload, scenario.deployments, scenario.book, 730),
    ).per_base
    given: dict[str, float | str] = {"traffic": scenario.operands.ingress_mib_s * per_base}
    assert_equal(shown.evaluate(READ), *as_set(scenario, given))
    shown.locator(".options > summary").click()
    # a value that is typed is taken to the last digit
    for key, box, text, value in (
        ("traffic", "traffic", "12.5", 12.5),
        ("salary", "salary", "6543210", 6543210.0),
        ("rate.KRW", "rate.KRW", "1500.25", 1500.25),
        ("fte.own", "fte.0", "1.25", 1.25),
        ("discount.msk", "discount.2", "12.5", 0.125),
    ):
        control(shown, box).fill(text)
        control(shown, box).press("Tab")
        given[key] = value
        assert_equal(shown.evaluate(READ), *as_set(scenario, given))
    shown.get_by_label("10", exact=True).check()
    given["fanout"] = 10.0
    shown.locator("#currency").select_option("USD")
    given["currency"] = "USD"
    assert_equal(shown.evaluate(READ), *as_set(scenario, given))
    # a slider moves by the keyboard and by the mouse, and the box beside it says where it is
    for key, name, scale in (
        ("traffic", "traffic", 1.0),
        ("fte.own", "fte.0", 1.0),
        ("discount.msk", "discount.2", 100.0),
    ):
        slider = control(shown, f"{name}-slider")
        before = control(shown, name).input_value()
        slider.focus()
        slider.press("ArrowRight")
        by_key = control(shown, name).input_value()
        assert float(by_key) > float(before)
        at = slider.bounding_box()
        shown.mouse.click(at["x"] + 0.8 * at["width"], at["y"] + at["height"] / 2)
        assert float(control(shown, name).input_value()) > float(by_key)
        given[key] = float(dict(shown.evaluate(LINK))[key])
        assert float(control(shown, name).input_value()) == pytest.approx(
            scale * float(given[key]), rel=1e-3
        )
        assert_equal(shown.evaluate(READ), *as_set(scenario, given))
