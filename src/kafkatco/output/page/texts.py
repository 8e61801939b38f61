"""The texts of a page in every language: of its HTML and script, and of its data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from kafkatco.core.vocabulary import word
from kafkatco.i18n.catalogue import LANGUAGES, catalogue, translate
from kafkatco.i18n.message import verbatim

__all__ = ["data_texts", "template_translations", "templates", "versions"]

#: The template of ``say("...")`` in the script, and of ``data-say="..."`` in the HTML, as
#: ``make translations`` extracts them.
_SAY: Final = re.compile(r'\bsay\(\s*("(?:[^"\\\n]|\\.)*")')
_DATA_SAY: Final = re.compile(r'\bdata-say=("[^"\n]*")')

#: The components and units of the lines that the script adds.
SCRIPT_WORDS: Final = ("discount", "support", "credit", "tax", "month")


def versions(text: str) -> dict[str, str]:
    """Return a text by language.

    >>> versions(word("storage"))
    {'en': 'storage', 'ko': '저장소'}
    """
    return {language: translate(text, language) for language in LANGUAGES}


def templates(source: str) -> Iterator[str]:
    """Yield the templates of a script or an HTML file.

    >>> list(templates('say("at {x}", { x }) + say(name)')), list(templates('<b data-say="now">'))
    (['at {x}'], ['now'])
    """
    for pattern in (_SAY, _DATA_SAY):
        yield from map(json.loads, pattern.findall(source))


def template_translations(sources: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the translations of the templates of some sources, by language."""
    every = sorted({template for source in sources for template in templates(source)})
    return {
        language: {template: catalogue(language).gettext(template) for template in every}
        for language in LANGUAGES
        if language != "en"
    }


def data_texts(data: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the translations of the messages of a page's data, by language."""
    messages = {str(text): text for text in map(verbatim, _shown(data))}
    return {
        language: {
            english: translation
            for english, text in sorted(messages.items())
            if (translation := translate(text, language)) != english
        }
        for language in LANGUAGES
        if language != "en"
    }


def _shown(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts of the library in a page's data, and not those of the user."""
    for case in data["cases"]:
        yield from map(word, case["workload"])
        for deployment in case["deployments"]:
            yield from deployment["not_modelled"]
            yield from deployment["notes"]
            for candidates in deployment["candidates"]:
                for candidate in candidates:
                    yield word(candidate["unit"])
                    for limits in (candidate["limits"], candidate["unchecked"]):
                        yield from (limit["reason"] for limit in limits)
    yield from map(word, SCRIPT_WORDS)
    for line in data["lines"]:
        yield word(line["component"])
        yield word(line["unit"])
        yield line["note"]
    for price in data["prices"]:
        yield word(price["confidence"])
