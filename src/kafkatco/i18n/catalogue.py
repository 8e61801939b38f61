"""Messages in another language, through the standard :mod:`gettext`.

``translations/LANGUAGE/LC_MESSAGES/kafkatco.po`` has every template with its translation, and
Python reads the ``.mo`` file that is compiled from it; ``make translations`` extracts the templates
from the source, updates the one and compiles the other.  Results are made in English and
translated where they are shown: JSON and CSV never change.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path
from typing import Final

from kafkatco.i18n.message import Message

__all__ = ["LANGUAGES", "TRANSLATIONS", "catalogue", "translate"]

LANGUAGES: Final = ("en", "ko")
TRANSLATIONS: Final = Path(__file__).parent / "translations"


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the catalogue of one of :data:`LANGUAGES`."""
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("kafkatco", TRANSLATIONS, [language])


def translate(text: str, language: str) -> str:
    """Return a message in one of :data:`LANGUAGES`, and any other text as it is.

    >>> from kafkatco.i18n.message import _
    >>> translate(_("storage"), "ko"), translate("our own cluster", "ko")
    ('저장소', 'our own cluster')
    """
    if isinstance(text, Message):
        return text.translate_with(catalogue(language), language)
    return text
