"""The page as one HTML file: template, style, script and data, with nothing to fetch."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape
from importlib.metadata import version
from importlib.resources import files
from string import Template
from typing import Any, Final

from kafkatco.analysis.crossovers import MARGIN
from kafkatco.article import Claim
from kafkatco.core.vocabulary import word
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.catalogue import LANGUAGES
from kafkatco.i18n.message import _
from kafkatco.output.language import check_language
from kafkatco.output.page.data import FANOUTS, case_data
from kafkatco.output.page.store import Store
from kafkatco.output.page.texts import data_texts, template_translations, versions
from kafkatco.scenario.scenario import Scenario

__all__ = ["page"]

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
TEMPLATE: Final = "page.html"


def page(
    cases: Mapping[str, Scenario],
    *,
    title: str = "kafkatco",
    claims: Sequence[Claim] = (),
    fanouts: Sequence[float] = FANOUTS,
    language: str = "en",
) -> str:
    """Return an HTML page that computes the model in a browser, and contacts no server.

    It has the exact curves of quantities against traffic, so that bills, the cheapest option and
    every crossover follow traffic, fan-out, salaries, people, exchange rates and discounts as they
    are set on the page.  Every text from a file is shown as text, never as HTML.

    Parameters
    ----------
    cases
        The scenarios to choose from, at least one, by their titles.
    claims
        Claims of the article, with their verdicts; none by default.
    fanouts
        The values that the fan-out can be set to, in addition to that of each scenario [1].
    language
        The language in which the page opens, "en" or "ko"; it has both.

    Raises
    ------
    InputError
        Without cases, and for an invalid fan-out or an unknown language.
    MissingPriceError
        For a price or capacity that is in no table.

    Examples
    --------
    >>> text = page({"the article's figures": Scenario.load()}, fanouts=[1])
    >>> text.startswith("<!doctype html>"), len(text) < 2e6
    (True, True)
    """
    if not cases:
        raise InputError("page", [Problem("cases", "", _("a page needs at least one scenario"))])
    check_language(language)
    store = Store()
    data: dict[str, Any] = {
        "title": versions(title),
        "version": version("kafkatco"),
        "language": language,
        "languages": list(LANGUAGES),
        "margin": MARGIN,
        "cases": [case_data(name, case, store, fanouts=fanouts) for name, case in cases.items()],
        "claims": [
            {
                "stated": versions(claim.stated),
                "verdict": versions(word(claim.verdict)),
                "because": versions(claim.because),
            }
            for claim in claims
        ],
        "edges": store.edges,
        "curves": store.curves,
        "prices": store.prices,
        "lines": store.lines,
    }
    template, style, scripts = _asset(TEMPLATE), _asset("page.css"), [*map(_asset, SCRIPTS)]
    data["templates"] = template_translations([template, *scripts])
    data["texts"] = data_texts(data)
    script = '"use strict";\n(() => {\n' + "\n".join(scripts) + "})();\n"
    return Template(template).substitute(
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
    """Return the hash by which a browser allows an inline script or style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _embedded(data: dict[str, Any]) -> str:
    """Return JSON that cannot end the HTML element that contains it, or start a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text
