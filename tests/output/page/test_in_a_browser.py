"""The page in a real browser computes the same as the library, at any setting."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import numpy as np
import pytest

from kafkatco.analysis.axes import find_axis
from kafkatco.costing.comparison import Comparison
from kafkatco.scenario.scenario import Scenario
from support.floors import Fixed
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
    """Compare ``count`` settings at four traffics each, which do not change the crossovers."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        changed = settings(rng, scenario)
        comparison, _ = as_set(scenario, changed)
        at_first: dict[str, Any] = {}
        for traffic in (float(10 ** rng.uniform(-1, 3)) for _ in range(4)):
            changed["traffic"] = traffic
            shown.evaluate(GO, urlencode(changed))
            shown_values = shown.evaluate(READ)
            try:
                assert_bills_equal(
                    shown_values, comparison, traffic / find_axis("ingress", comparison).per_base
                )
                if not at_first:
                    assert_crossings_equal(shown_values, comparison)
                    at_first = shown_values
                for name in ("crossovers", "intervals"):
                    assert shown_values[name] == at_first[name]
            except AssertionError as error:
                raise AssertionError(f"at {changed}") from error


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_the_page_equals_the_library_at_a_thousand_settings(
    seed: int, show: Opener, tmp_path: Path
) -> None:
    scenario = Scenario.from_dict(EVERYTHING)
    check(show(written(tmp_path, scenario)), scenario, seed, 125)


def test_the_page_equals_the_library_with_traffic_by_hour(show: Opener, tmp_path: Path) -> None:
    workload = EVERYTHING["workload"] | {"profile": {"hours": [*range(1, 13), *[2.5] * 12]}}
    scenario = Scenario.from_dict(EVERYTHING | {"workload": workload})
    assert any(bill.sizing.mean is not None for bill in scenario.bills())  # of elastic units
    check(show(written(tmp_path, scenario)), scenario, 6, 3)


@pytest.mark.slow
def test_the_page_chooses_the_same_candidates_as_the_library(show: Opener, tmp_path: Path) -> None:
    scenario = Scenario.from_dict(CHOICES)
    check(show(written(tmp_path, scenario)), scenario, 4, 15)


def test_a_floor_is_never_the_cheapest(show: Opener, tmp_path: Path) -> None:
    options = (
        Fixed(name="ours", monthly=900.0),
        Fixed(name="theirs", monthly=100.0, per_mib_s=10.0, known_to=5.0),
        Fixed(name="both", monthly=50.0, known_to=2.0, otherwise=950.0),
    )
    load = Scenario.load().workload.replace(ingress="1 TB/month")
    scenario = replace(Scenario.load(), deployments=options, workload=load)
    shown = show(written(tmp_path, scenario))
    per_base = find_axis("ingress", as_set(scenario, {"traffic": 1.0})[0]).per_base
    cheapest = {1.5: "both", 3.0: "theirs", 6.0: "ours"}
    for x, name in cheapest.items():
        traffic = x * per_base
        shown.evaluate(GO, urlencode({"traffic": traffic}))
        values = shown.evaluate(READ)
        assert_equal(values, *as_set(scenario, {"traffic": traffic}))
        assert f"{name} costs least." in shown.locator("#answer").inner_text()
        assert next(iter(values["bills"])) == name  # the first of all
    answer = shown.locator("#answer").inner_text()
    assert "theirs may cost less or more: at least 160 KRW (partitions: limit unknown)." in answer
    assert "both may" not in answer  # it has a candidate of known limits
    assert "160+" in shown.locator('[data-name="theirs"] .total').inner_text()
    hints = shown.locator("#intervals .hint").all_inner_texts()
    # from 5 MiB/s, where it is a floor, to 80, where 100 + 10 x are 900: 13.778 and 220.45 TB
    assert hints[0].startswith("theirs may be the cheapest from 13.778 to 220.45: ")


def test_without_a_known_cost_none_is_the_cheapest(show: Opener, tmp_path: Path) -> None:
    options = tuple(Fixed(name=f"{x:g}", monthly=x, known_to=0.0) for x in (3.0, 2.0))
    shown = show(written(tmp_path, replace(Scenario.load(), deployments=options)))
    assert (
        "every cost is a floor: the cheapest is unknown." in shown.locator("#answer").inner_text()
    )
    [stretch] = shown.evaluate(READ)["intervals"]
    assert stretch[2] == "unknown: every cost is a floor"


def test_a_tax_may_be_set_without_one_in_the_file(show: Opener, tmp_path: Path) -> None:
    # 10 % of 900, of which 40 % is recovered, is a cost of 54
    scenario = replace(Scenario.load(), deployments=(Fixed(name="ours", monthly=900.0),))
    shown = show(written(tmp_path, scenario))
    hint = shown.locator('[data-name="ours"] .hint').text_content
    own = shown.evaluate(READ)["bills"]["ours"]
    assert (own["charges"], own["people"], own["total"]) == (900.0, None, 900.0)
    assert "VAT (not set)" in (hint() or "")
    traffic = dict(shown.evaluate(LINK)).get("traffic", "10")
    shown.evaluate(GO, urlencode({"traffic": traffic, "vat": 0.1, "recoverable": 0.4}))
    taxed = shown.evaluate(READ)["bills"]["ours"]
    assert (taxed["charges"], taxed["total"]) == pytest.approx((954.0, 954.0))
    assert taxed["lines"][-1] == ["tax", "tax.vat.own", *map(pytest.approx, (900.0, 0.06, 54.0))]
    assert "VAT (not set)" not in (hint() or "")
    answer = shown.locator("#answer").inner_text()
    assert "VAT of 10 %, 40 % of the tax is recovered" in answer
    # all of it is recovered, and none is due
    for vat, recoverable, lines in ((0.1, 1.0, 2), (0.0, 0.0, 1)):
        shown.evaluate(GO, urlencode({"traffic": traffic, "vat": vat, "recoverable": recoverable}))
        free = shown.evaluate(READ)["bills"]["ours"]
        assert (free["total"], len(free["lines"])) == (900.0, lines)
    shown.evaluate(GO, urlencode({"traffic": traffic, "vat": 1.1}))
    assert "vat=1.1" in shown.locator("#notice").inner_text()


def control(shown: Page, name: str) -> Any:
    return shown.locator(f'[id="{name}"]')


def test_sliders_and_boxes_move_the_numbers(show: Opener, tmp_path: Path) -> None:
    scenario = Scenario.from_dict(EVERYTHING)
    shown = show(written(tmp_path, scenario))
    per_base = find_axis(
        "ingress",
        Comparison.of("test", scenario.workload, scenario.deployments, scenario.book, 730),
    ).per_base
    changed: dict[str, float | str] = {"traffic": scenario.operands.ingress_mib_s * per_base}
    assert_equal(shown.evaluate(READ), *as_set(scenario, changed))
    shown.locator(".options > summary").click()
    # a typed value is used to the last digit
    for key, box, text, value in (
        ("traffic", "traffic", "12.5", 12.5),
        ("salary", "salary", "6543210", 6543210.0),
        ("vat", "vat", "7.5", 0.075),
        ("recoverable", "recoverable", "25", 0.25),
        ("rate.KRW", "rate.KRW", "1500.25", 1500.25),
        ("fte.own", "fte.0", "1.25", 1.25),
        ("discount.msk", "discount.2", "12.5", 0.125),
    ):
        control(shown, box).fill(text)
        control(shown, box).press("Tab")
        changed[key] = value
        assert_equal(shown.evaluate(READ), *as_set(scenario, changed))
    shown.get_by_label("10", exact=True).check()
    changed["fanout"] = 10.0
    shown.locator("#currency").select_option("USD")
    changed["currency"] = "USD"
    assert_equal(shown.evaluate(READ), *as_set(scenario, changed))
    # the keyboard and the mouse move a slider, and its number box follows
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
        changed[key] = float(dict(shown.evaluate(LINK))[key])
        assert float(control(shown, name).input_value()) == pytest.approx(
            scale * float(changed[key]), rel=1e-3
        )
        assert_equal(shown.evaluate(READ), *as_set(scenario, changed))
