"""The language of everything that the command line prints for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from kafkatco.cli.argparse_texts import argparse_language
from kafkatco.i18n.catalogue import translate

__all__ = ["current_language", "language_set_to", "translated"]

_LANGUAGE: Final = ContextVar("language", default="en")


@contextmanager
def language_set_to(language: str) -> Iterator[None]:
    """Use one of :data:`kafkatco.i18n.catalogue.LANGUAGES` while the context lasts."""
    token = _LANGUAGE.set(language)
    try:
        with argparse_language(language):
            yield
    finally:
        _LANGUAGE.reset(token)


def current_language() -> str:
    """Return the language that is used now."""
    return _LANGUAGE.get()


def translated(text: str) -> str:
    """Return a message in the language that is used now, and any other text as it is."""
    return translate(text, current_language())
