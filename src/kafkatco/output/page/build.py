"""The page as one file: template, style, script and data, with nothing to fetch."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.metadata import version
from importlib.resources import files
from string import Template
from typing import Any, Final

from kafkatco.analysis.crossovers import MARGIN
from kafkatco.article import Claim
from kafkatco.errors import InputError, Problem
from kafkatco.output.i18n import LANGUAGES, translate
from kafkatco.output.page.data import FANOUTS, case_data
from kafkatco.output.page.store import Store
from kafkatco.scenario.scenario import Scenario

__all__ = ["page", "said"]

SCRIPTS: Final = (
    "curve.js",
    "model.js",
    "text.js",
    "settings.js",
    "controls.js",
    "bills.js",
    "tables.js",
    "chart.js",
    "page.js",
)
#: Texts of the script and the template: some are shown, and translated where words are known.
_SAID: Final = re.compile(r'"([^"\n]+)"')


def page(
    cases: Mapping[str, Scenario],
    *,
    title: str = "kafkatco",
    claims: Sequence[Claim] = (),
    fanouts: Sequence[float] = FANOUTS,
    language: str = "en",
) -> str:
    """Return a page of HTML that computes the model in a browser, and asks no server for anything.

    It carries the exact curves of quantities against traffic, so that bills, the cheapest option
    and every crossover follow traffic, fan-out, salaries, people, exchange rates and discounts as
    they are set there.  Everything that came from a file is shown as text.

    Parameters
    ----------
    cases
        The scenarios to choose between, at least one, by what the page calls each.
    claims
        Of the article, shown as they were tested; none by default.
    fanouts
        What the fan-out can be set to, beside each scenario's own.  [1]
    language
        In which the page opens: "en" or "ko"; it has both.

    Raises
    ------
    InputError
        For no case, a fan-out that is none, or another language.
    MissingPriceError
        For a price or capacity that is not known.

    Examples
    --------
    >>> text = page({"the article's figures": Scenario.load()}, fanouts=[1])
    >>> text.startswith("<!doctype html>"), len(text) < 2e6
    (True, True)
    """
    if not cases:
        raise InputError("page", [Problem("cases", "none", "at least one scenario")])
    translate("", language)  # raises for one that is not known
    store = Store()
    data: dict[str, Any] = {
        "title": title,
        "version": version("kafkatco"),
        "language": language,
        "languages": list(LANGUAGES),
        "margin": MARGIN,
        "cases": [case_data(name, case, store, fanouts=fanouts) for name, case in cases.items()],
        "claims": [
            {"stated": c.stated, "verdict": c.verdict, "because": c.because} for c in claims
        ],
        "edges": store.edges,
        "curves": store.curves,
        "prices": store.prices,
        "lines": store.lines,
    }
    texts = sorted({*said(), *_told(data)})
    data["words"] = {
        other: {text: found for text in texts if (found := translate(text, other)) != text}
        for other in LANGUAGES
        if other != "en"
    }
    style, script = _asset("page.css"), "\n".join(map(_asset, SCRIPTS))
    script = f'"use strict";\n(() => {{\n{script}}})();\n'
    return Template(_asset("page.html")).substitute(
        title=escape(title),
        version=escape(data["version"]),
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        data=_embedded(data),
    )


def _asset(name: str) -> str:
    return (files("kafkatco") / "output" / "page" / "assets" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return what a browser checks an inline script or style by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _embedded(data: dict[str, Any]) -> str:
    """Return JSON that cannot end the element that it stands in, or begin a comment there."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def said() -> Iterator[str]:
    """Yield the texts that the page itself says: those that a translation can be there for."""
    for name in (*SCRIPTS, "page.html"):
        yield from _SAID.findall(_asset(name))


def _told(data: dict[str, Any]) -> Iterator[str]:
    """Yield the texts of the library that the page shows."""
    yield data["title"]
    for case in data["cases"]:
        yield case["title"]
        yield from case["workload"]
        for item in case["deployments"]:
            yield from item["not_modelled"]
            for offer in (offer for at in item["offers"] for offer in at):
                yield offer["unit"]
                yield from (limit["reason"] for limit in offer["limits"])
    for line in data["lines"]:
        yield line["component"]
        yield line["note"]
    for claim in data["claims"]:
        yield from claim.values()
