"""Printing: notes and results for people, in their language, and results for programs."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from kafkatco.cli.language import current_language, translated
from kafkatco.cli.progress import end

if TYPE_CHECKING:
    from kafkatco.core.result import Result
    from kafkatco.i18n.message import Message

__all__ = ["print_line", "print_note", "show"]


def print_note(text: Message) -> None:
    """Print a note or a mistake on the standard error, which keeps it out of the result."""
    end()
    print(f"kafkatco: {translated(text)}", file=sys.stderr)


def print_line(text: Message) -> None:
    """Print what a command did, if its result is a file."""
    end()
    print(translated(text))


def show(arguments: argparse.Namespace, result: Result) -> None:
    """Print a result in the format of ``--format``, piece by piece as it is ready.

    ``arguments.loaded`` is the scenario of the result, if it has one.
    """
    from kafkatco.output.formats import render

    for text in render(result, arguments.format, current_language(), arguments.loaded):
        end()
        print(text, end="")
