"""Printing results: tables for people, in their language; JSON and CSV for programs, in English."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from kafkatco.cli.progress import end
from kafkatco.errors import KafkatcoError

if TYPE_CHECKING:
    from kafkatco.core.table import Table

__all__ = [
    "say",
    "show_csv",
    "show_json",
    "show_markdown",
    "show_tables",
    "speaking",
    "spoken",
    "spoken_language",
    "tell",
]

#: Controls that JSON leaves as they are, and a terminal obeys.
OBEYED: Final = re.compile("[\x7f-\x9f]")


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


def show_tables(tables: Iterable[Table]) -> None:
    """Print tables: as wide as a terminal, or 140 columns where there is none.

    Colours are for a terminal alone, and not where NO_COLOR is set.
    """
    from rich.console import Console

    from kafkatco.output.terminal import renderables

    on_terminal = sys.stdout is not None and sys.stdout.isatty()
    end()
    console = Console(
        width=None if on_terminal else 140, highlight=False, force_terminal=on_terminal
    )
    for table in tables:
        with console.capture() as text:  # so that a pipe that was closed is seen here, not in rich
            console.print(
                *renderables(table.translated(spoken_language()), console.width), sep="\n"
            )
            console.print()
        print(text.get(), end="")


def show_markdown(tables: Iterable[Table]) -> None:
    """Print tables as Markdown, as the text of a pull request or an issue."""
    end()
    print("\n".join(table.translated(spoken_language()).to_markdown() for table in tables), end="")


def show_json(value: Any) -> None:
    """Print JSON; a number that JSON cannot hold is an error."""
    try:
        text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    except ValueError:
        raise KafkatcoError("a result is too large to be a number: check the inputs") from None
    end()
    print(OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def show_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print CSV that no spreadsheet runs."""
    from kafkatco.core.table import csv_text

    end()
    print(csv_text(columns, list(rows)), end="")
