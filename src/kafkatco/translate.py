"""What results say, in another language: words and sentences looked up as they are shown.

Results are made in English.  A file of ``languages/`` has each text with its translation; a text
with ``{parts}`` stands for every sentence of that form, and its parts are translated in turn.
What the file does not have (a name of the user's, a sku, a source's own words) stays as it is.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

from kafkatco.errors import InputError, Problem, nearest

__all__ = ["LANGUAGES", "translate"]

LANGUAGES: Final = ("en", "ko")


def translate(text: str, language: str) -> str:
    """Return ``text`` in a language of :data:`LANGUAGES`, or as it is where no words are known.

    Raises :class:`~kafkatco.errors.InputError` for another language.

    >>> translate("storage", "ko"), translate("our own cluster", "ko")
    ('저장소', 'our own cluster')
    >>> translate("storage", "en")
    'storage'
    """
    if language not in LANGUAGES:
        hint = nearest(str(language), LANGUAGES)
        problem = Problem("language", repr(language), " or ".join(map(repr, LANGUAGES)), hint)
        raise InputError("language", [problem])
    if language == "en":
        return text
    texts, forms = _texts(language)
    found = texts.get(text)
    if found is not None:
        return found
    for form, translated in forms:
        if match := form.fullmatch(text):
            parts = {name: translate(part, language) for name, part in match.groupdict().items()}
            return translated.format(**parts)
    return text


@cache
def _texts(language: str) -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """Return the texts of a language as they are, and the forms of those that have parts."""
    source = files("kafkatco") / "languages" / f"{language}.toml"
    texts: dict[str, str] = tomllib.loads(source.read_text(encoding="utf-8"))["texts"]
    forms = [(_form(text), there) for text, there in texts.items() if "{" in text]
    return texts, forms


def _form(text: str) -> re.Pattern[str]:
    """Return the pattern of a text with ``{parts}``."""
    parts = re.split(r"\{(\w+)\}", text)
    return re.compile(
        "".join(
            f"(?P<{part}>.+?)" if i % 2 else re.escape(part) for i, part in enumerate(parts)
        ),
        re.DOTALL,
    )  # fmt: skip
