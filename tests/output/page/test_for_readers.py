"""The page for readers: links, keyboard, print, dark mode, Korean, hostile names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from kafkatco.cli.main import main
from kafkatco.scenario.scenario import Scenario
from support.page_settings import EVERYTHING, EXACT, GO, LINK, READ, as_set, assert_equal, written

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from support.browser import Opener


def test_a_link_reproduces_the_view(show: Opener, tmp_path: Path) -> None:
    scenario = Scenario.from_dict(EVERYTHING)
    file = written(tmp_path, scenario)
    first = show(file)
    assert first.evaluate(LINK) == []  # as in the file
    changed: dict[str, float | str] = {
        "traffic": 33.25,
        "fanout": 5.0,
        "salary": 4e6,
        "fte.msk": 0.0,
        "language": "ko",
    }
    first.evaluate(GO, urlencode(changed))
    link = first.evaluate("() => document.getElementById('link').hash")
    again = show(file, link)
    assert again.evaluate(READ) == first.evaluate(READ)
    assert again.evaluate("() => document.getElementById('link').hash") == link
    assert again.locator("html").get_attribute("lang") == "ko"
    comparison, x = as_set(scenario, changed)
    again.wait_for_function("(link) => location.hash === link", arg=link)
    again.locator("#language").select_option("en")
    assert_equal(again.evaluate(READ), comparison, x)
    again.locator("#reset").click()
    assert again.evaluate(LINK) == []


def test_invalid_settings_of_a_link_are_reported(show: Opener, tmp_path: Path) -> None:
    shown = show(
        written(tmp_path, Scenario.load()),
        "#traffic=-1&fanout=7&fte.nobody=2&salary=&sha256=0123&currency=constructor&prices=9&<b>=1"
        "&rate.constructor=5&rate.toString=1",
    )
    notice = shown.locator("#notice").inner_text()
    assert "made with other prices" in notice
    for invalid in (
        "traffic=-1",
        "fanout=7",
        "fte.nobody=2",
        "salary=",
        "currency=constructor",
        "prices=9",
        "<b>=1",
        "rate.constructor=5",
        "rate.toString=1",
    ):
        assert invalid in notice
    assert shown.evaluate("() => document.getElementById('link').hash") == ""


NASTY = "<script>alert(1)</script>"


def test_text_of_a_file_is_never_html(show: Opener, tmp_path: Path) -> None:
    names = [
        NASTY,
        "</script><img src=x onerror=alert(2)>",
        "<!--",
        "$data ${title} {x} &amp;",
        "constructor",
        "{toString} {name}",
        "platform",
    ]
    same = {"kind": "confluent-basic", "region": "us-east-1"}
    options = [
        {**same, "name": name, "labour": {"fte": i, "monthly": "5000000 KRW"}}
        for i, name in enumerate(names)
    ]
    scenario = Scenario.from_dict(EVERYTHING | {"deployment": options})
    file = written(tmp_path, scenario, title=NASTY)
    shown = show(file)
    shown.on("dialog", lambda dialog: pytest.fail(dialog.message))
    assert shown.locator(".bill .name").all_inner_texts() == names
    assert shown.locator("h1").inner_text() == NASTY
    assert NASTY in shown.title()
    shown.evaluate(GO, urlencode({f"fte.{names[1]}": 2, "traffic": 1, NASTY: NASTY}))
    assert NASTY in shown.locator("#notice").inner_text()
    assert shown.locator("img").count() == 0
    shown.locator("#language").select_option("ko")  # in which "platform" has a translation
    assert set(shown.locator(".bill .name").all_inner_texts()) == set(names)
    shown.evaluate(GO, urlencode({"fte.{toString} {name}": 0, "fte.constructor": 0}))
    assert "native code" not in shown.locator("body").inner_text()
    assert shown.locator("script").count() == 2  # the data and the script of the page


def test_an_injected_script_does_not_run(browser: Browser, tmp_path: Path) -> None:
    file = written(tmp_path, Scenario.load())
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("</main>", "<script>document.title = 'ran'</script></main>"), encoding="utf-8"
    )
    with browser.new_context(offline=True) as context:
        messages: list[str] = []
        shown = context.new_page()
        shown.on("console", lambda message: messages.append(message.text))
        shown.goto(file.as_uri())
        assert shown.title() != "ran"
        assert "Content Security Policy" in " ".join(messages)


def test_the_keyboard_opens_bills_and_reaches_every_control(show: Opener, tmp_path: Path) -> None:
    scenario = Scenario.from_dict(EVERYTHING)
    shown = show(written(tmp_path, scenario))
    first = shown.locator(".bill").first
    assert not first.locator("table").is_visible()
    first.locator("summary").focus()
    shown.keyboard.press("Enter")
    assert first.locator("table").is_visible()
    [bill] = [bill for bill in scenario.bills() if bill.name == first.get_attribute("data-name")]
    rows = first.locator("tr[data-component]").all()
    lines = [line for line in (*bill.lines, *bill.one_off) if line.quantity]
    assert len(rows) == len(lines)
    for row, line in zip(rows, lines, strict=True):
        text = row.inner_text()
        assert line.sku in text
        assert line.unit in text
        if line.row is not None:
            assert line.row.valid_from.isoformat() in text
            address = row.locator("a")
            if line.row.source.startswith("http"):
                assert str(address.get_attribute("href")) in line.row.source
    # the tab key reaches every control
    shown.locator(".options > summary").click()
    reached = set()
    shown.locator("#language").focus()
    for _ in range(200):
        shown.keyboard.press("Tab")
        reached.add(shown.evaluate("() => document.activeElement.id"))
    assert {
        "currency",
        "link",
        "copy",
        "reset",
        "traffic",
        "traffic-slider",
        "salary",
        "fte.0",
        "discount.5-slider",
    } <= reached


def test_a_crossover_leads_to_its_bills(show: Opener, tmp_path: Path) -> None:
    scenario = Scenario.from_dict(EVERYTHING)
    shown = show(written(tmp_path, scenario))
    row = shown.locator("#crossovers tbody tr[data-kind=root]").first
    at = float(row.locator("data").first.get_attribute("value") or 0)
    a, b = (row.get_attribute(f"data-{name}") for name in "ab")
    row.locator("button").click()
    bills = shown.evaluate(READ)["bills"]
    assert bills[a]["total"] == pytest.approx(bills[b]["total"], rel=EXACT)
    assert float(dict(shown.evaluate(LINK))["traffic"]) == pytest.approx(at, rel=1e-12)


def test_the_answer_has_the_stretch_of_its_option(show: Opener, tmp_path: Path) -> None:
    shown = show(written(tmp_path, Scenario.from_dict(EVERYTHING)))
    parts = [
        part for part in shown.evaluate(READ)["intervals"] if part[2] != "none can handle the load"
    ]
    assert len(parts) > 2
    for i in range(len(parts)):
        for button in (0, 1):  # its start and its end
            shown.locator("#intervals tbody tr").nth(i).locator("button").nth(button).click()
            text = shown.locator("#answer").inner_text()
            name = text.partition(" a month ")[2].partition(" costs least")[0]
            stretch = text.partition(" is cheapest from ")[2].partition(" TB")[0].replace(",", "")
            low, high = map(float, stretch.split(" to "))
            assert any(
                (low, high) == pytest.approx(part[:2], rel=1e-3) and part[2] == name
                for part in parts
            ), text


def test_the_answer_names_the_options_that_cannot_handle_the_load(
    show: Opener, tmp_path: Path
) -> None:
    # one Basic cluster handles 250 MB/s, which is less than 1,000 TB a month
    shown = show(written(tmp_path, Scenario.from_dict(EVERYTHING)), "#traffic=1000")
    assert re.search(
        r"Cannot handle the load: [^.]*\bbasic\b", shown.locator("#answer").inner_text()
    )
    shown.evaluate(GO, "traffic=1")
    assert "Cannot handle" not in shown.locator("#answer").inner_text()


def test_people_of_an_infeasible_option_are_those_of_the_file(show: Opener, tmp_path: Path) -> None:
    shown = show(written(tmp_path, Scenario.from_dict(EVERYTHING)), "#traffic=1000")
    assert EVERYTHING["deployment"][3]["labour"]["fte"] == 0.1
    assert shown.locator('[id="fte.3"]').input_value() == "0.1"


def test_retention_and_a_single_crossover_are_written_as_people_write_them(
    show: Opener, tmp_path: Path
) -> None:
    shown = show(written(tmp_path, Scenario.load()))
    # the article's third of a month of 730 h, in days: 730 / 3 / 24 = 10.1389
    assert "retention of 10.14 days" in shown.locator("#answer").inner_text()
    data = EVERYTHING | {
        "workload": {"ingress": "1 TB/month", "retention": "1 day"},
        "deployment": [
            {"kind": "msk-standard", "region": "us-east-1", "instance": "kafka.m7g.large"},
            {"kind": "confluent-basic", "region": "us-east-1"},
        ],
    }
    shown = show(written(tmp_path, Scenario.from_dict(data)))
    assert shown.locator("#crossovers tbody tr").count() == 1
    caption = shown.locator("#crossovers caption").inner_text()
    assert caption == "1 crossover over traffic [TB a month]"
    assert "retention of 24 hours" in shown.locator("#answer").inner_text()


def test_a_salary_of_the_file_follows_the_exchange_rate(show: Opener, tmp_path: Path) -> None:
    data = EVERYTHING | {
        "prices": {"book": "list", "as_of": "2026-10-31", "currency": "USD"},
        "deployment": [
            {
                "kind": "msk-serverless",
                "region": "us-east-1",
                "labour": {"fte": 1, "monthly": "6000000 KRW"},
            }
        ],
    }
    shown = show(written(tmp_path, Scenario.from_dict(data)))
    for rate in (1000, 1500):
        shown.evaluate(GO, f"rate.KRW={rate}")
        assert float(shown.locator("#salary").input_value()) == pytest.approx(6e6 / rate)


def test_a_free_option_is_cheapest_and_drawn(show: Opener, tmp_path: Path) -> None:
    data = EVERYTHING | {
        "deployment": [
            {"kind": "confluent-basic", "region": "us-east-1"},
            {"kind": "msk-serverless", "region": "us-east-1"},
        ]
    }
    shown = show(written(tmp_path, Scenario.from_dict(data)), "#discount.confluent-basic=1")
    assert "confluent-basic costs least" in shown.locator("#answer").inner_text()
    assert shown.locator("#chart path").count() == 2
    shown.evaluate(GO, "discount.confluent-basic=1&discount.msk-serverless=1")
    assert shown.locator("#chart path").count() == 2
    text = shown.locator("body").inner_text()
    assert "∞" not in text
    assert "NaN" not in text


def test_an_invalid_url_of_a_source_is_shown_as_text(show: Opener, tmp_path: Path) -> None:
    own = tmp_path / "own"
    assert main(["prices", "copy", str(own)]) == 0
    source = "https://[wiki of ours]/prices"
    table = own / "aws" / "msk.csv"
    table.write_text(
        re.sub(r"https://[^,]*", source, table.read_text(encoding="utf-8")), encoding="utf-8"
    )
    data = EVERYTHING | {
        "prices": {"book": str(own), "as_of": "2026-10-31"},
        "deployment": [{"kind": "msk-serverless", "region": "us-east-1"}],
    }
    shown = show(written(tmp_path, Scenario.from_dict(data)))
    assert shown.locator(".bill").count() == 1
    assert source in (shown.locator(".bill table").text_content() or "")


LIGHTNESS = """(where) => {
  const [r, g, b] = getComputedStyle(document.querySelector(where)).backgroundColor
    .match(/[0-9.]+/g).map(Number);
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}"""


def test_it_follows_dark_mode_and_is_white_on_paper(show: Opener, tmp_path: Path) -> None:
    file = written(tmp_path, Scenario.load())
    assert show(file, color_scheme="light").evaluate(LIGHTNESS, "body") > 0.9
    dark = show(file, color_scheme="dark")
    assert dark.evaluate(LIGHTNESS, "body") < 0.2
    dark.emulate_media(media="print")
    assert dark.evaluate(LIGHTNESS, "body") > 0.9
    assert not dark.locator("#settings").is_visible()
    assert len(dark.pdf()) > 10_000
    dark.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert dark.locator("#bills table").first.is_visible()  # details cannot be opened on paper


def test_it_is_in_korean(show: Opener, tmp_path: Path) -> None:
    shown = show(written(tmp_path, Scenario.load(), language="ko"), viewport=SCREEN)
    assert shown.locator("html").get_attribute("lang") == "ko"
    for part in ("h2", "label:not(:has(option)) >> visible=true", "th", "caption", "legend"):
        for text in shown.locator(part).all_inner_texts():
            if not text.isascii() or text not in {"sku", "MSK"}:
                assert has_hangul(text) or is_name(text), text
    shown.locator("#language").select_option("en")
    assert not has_hangul(shown.locator("main").inner_text())


SCREEN = {"width": 1280, "height": 900}


def has_hangul(text: str) -> bool:
    return any("가" <= letter <= "힣" for letter in text)


def is_name(text: str) -> bool:
    """Return whether a text is a name, a number or a unit, which are never translated."""
    names = [deployment.label for deployment in Scenario.load().deployments]
    return text in {*names, "sku"} or not any(letter.isalpha() for letter in text)


def test_a_narrow_screen_does_not_scroll_sideways(show: Opener, tmp_path: Path) -> None:
    shown = show(
        written(tmp_path, Scenario.from_dict(EVERYTHING)), viewport={"width": 360, "height": 740}
    )
    shown.evaluate(
        "() => { for (const part of document.querySelectorAll('details')) part.open = 1; }"
    )
    wide = shown.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 360
