"""Printing for people, in their language, and results in the format that is asked for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from kafkatco.cli.progress import end

if TYPE_CHECKING:
    from kafkatco.core.result import Result

__all__ = ["say", "show", "speaking", "spoken", "spoken_language", "tell"]

_LANGUAGE: Final = ContextVar("language", default="en")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language of :data:`kafkatco.output.i18n.LANGUAGES` to people meanwhile."""
    token = _LANGUAGE.set(language)
    try:
        yield
    finally:
        _LANGUAGE.reset(token)


def spoken_language() -> str:
    """Return the language that is spoken."""
    return _LANGUAGE.get()


def spoken(text: str) -> str:
    """Return a text in the language that is spoken."""
    from kafkatco.output.i18n import translate

    return translate(text, spoken_language())


def say(text: str) -> None:
    """Tell people something beside a result, which stays whole: on the standard error."""
    end()
    print(f"kafkatco: {spoken(text)}", file=sys.stderr)


def tell(text: str) -> None:
    """Tell people what was done, where the result itself goes elsewhere."""
    end()
    print(spoken(text))


def show(arguments: argparse.Namespace, result: Result) -> None:
    """Print a result in the format that is asked for, piece by piece as it is ready."""
    from kafkatco.output.formats import render

    for text in render(result, arguments.format, spoken_language()):
        end()
        print(text, end="")
