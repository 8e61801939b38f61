"""A real browser: Debian's Chromium, offline; a request or a console message fails the test."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["Opener", "browser", "show"]

NEEDS = "needs a browser: apt-get install chromium fonts-nanum, and pip install playwright"
#: Opens a page, from its file, its fragment and options of the browser's context.
Opener = Callable[..., "Page"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium; without it tests are skipped, except in CI."""
    chromium = shutil.which("chromium")
    available = chromium is not None and importlib.util.find_spec("playwright") is not None
    if not available and "CI" not in os.environ:
        pytest.skip(NEEDS)
    assert available, NEEDS
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        # Chromium has no sandbox as root, which runs many builds
        arguments = [
            "--no-sandbox",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            "--disable-quic",
        ]
        chrome = driver.chromium.launch(executable_path=chromium, args=arguments)
        yield chrome
        chrome.close()


@pytest.fixture
def show(browser: Browser) -> Iterator[Opener]:
    """Open pages; a page may request nothing but its own file, and not write to the console."""
    requests: list[str] = []
    messages: list[str] = []
    files: list[str] = []
    contexts = []

    def open_page(file: Path, fragment: str = "", **options: object) -> Page:
        context = browser.new_context(offline=True, **options)  # type: ignore[arg-type]  # of many kinds
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: messages.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: messages.append(f"error: {error}"))
        files.append(file.as_uri())
        page.goto(f"{file.as_uri()}{fragment}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert {url.partition("#")[0] for url in requests} <= set(files)
    assert messages == []
