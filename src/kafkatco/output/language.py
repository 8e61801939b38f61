"""The languages in which results are shown."""

from __future__ import annotations

from kafkatco.errors import InputError, Problem, either
from kafkatco.i18n.catalogue import LANGUAGES

__all__ = ["check_language"]


def check_language(language: str) -> None:
    """Raise :class:`~kafkatco.errors.InputError` for a language without translations.

    >>> check_language("ko")
    """
    if language not in LANGUAGES:
        problem = Problem("language", repr(language), either(map(repr, LANGUAGES)))
        raise InputError("language", [problem])
