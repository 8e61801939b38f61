"""The languages in which results are shown."""

from __future__ import annotations

from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.catalogue import LANGUAGES
from kafkatco.i18n.message import _

__all__ = ["check_language"]


def check_language(language: str) -> None:
    """Raise :class:`~kafkatco.errors.InputError` for a language without translations.

    >>> check_language("ko")
    """
    if language not in LANGUAGES:
        expected = _("one of {names}", names=", ".join(LANGUAGES))
        hint = nearest(str(language), LANGUAGES)
        raise InputError("language", [Problem("language", repr(language), expected, hint)])
