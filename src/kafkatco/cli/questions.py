"""Questions on a terminal, each asked until its answer is valid."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from kafkatco.cli.console import print_line
from kafkatco.cli.language import translated
from kafkatco.errors import InputError, Problem
from kafkatco.i18n.message import _, join

__all__ = ["ask"]

T = TypeVar("T")


def ask(option: str, question: str, usual: str | None, read: Callable[[str], T]) -> T:
    """Ask until ``read`` accepts the answer, and return what it makes of it.

    An empty answer means the ``usual`` one.  ``read`` raises :class:`ValueError` with what it
    expects and a hint, or :class:`~kafkatco.errors.InputError`.  Raises the latter if there is no
    answer: it names the ``option`` to use instead.
    """
    shown = f" [{usual}]" if usual else ""
    while True:
        try:
            text = input(f"{translated(question)}{shown}: ").strip() or usual
        except (EOFError, UnicodeDecodeError):
            sentence = _("no answer; add {option}, or answer the question", option=option)
            raise InputError("", [Problem("", "", sentence)]) from None
        try:
            return read(text or "")
        except InputError as error:
            print_line(join("", ["  ", error.message]))
        except ValueError as error:
            expected, hint = error.args
            sentence = _("expected {expected}", expected=expected)
            print_line(join("", ["  ", join(". ", [sentence, hint] if hint else [sentence])]))
