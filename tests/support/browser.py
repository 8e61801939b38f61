"""A real browser: Debian's Chromium, which sees files alone and whose complaints fail a test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOW = "needs a browser: apt-get install chromium fonts-nanum, and pip install playwright"
#: What a page is opened by: its file, what follows "#", and options of the browser's context.
Opener = Callable[..., "Page"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None and "CI" not in os.environ:
        pytest.skip(HOW)
    assert chromium is not None, HOW
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        # as root, which a build often is, Chromium has no sandbox of its own
        quiet = [
            "--no-sandbox",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            "--disable-quic",
        ]
        started = driver.chromium.launch(executable_path=chromium, args=quiet)
        yield started
        started.close()


@pytest.fixture
def show(browser: Browser) -> Iterator[Opener]:
    """Open a page; afterwards nothing was asked for but its file, and nothing was complained of."""
    asked: list[str] = []
    said: list[str] = []
    files: list[str] = []
    contexts = []

    def opened(file: Path, fragment: str = "", **options: object) -> Page:
        context = browser.new_context(offline=True, **options)  # type: ignore[arg-type]  # of many kinds
        contexts.append(context)
        shown = context.new_page()
        shown.on("request", lambda request: asked.append(request.url))
        shown.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        shown.on("pageerror", lambda error: said.append(f"error: {error}"))
        files.append(file.as_uri())
        shown.goto(f"{file.as_uri()}{fragment}")
        return shown

    yield opened
    for context in contexts:
        context.close()
    assert {url.partition("#")[0] for url in asked} <= set(files)
    assert said == []
