"""Errors that say what was given, where, what was expected and the nearest valid thing."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kafkatco.i18n.message import Message, _, join, ngettext, verbatim

__all__ = [
    "CurveError",
    "InputError",
    "KafkatcoError",
    "MissingPriceError",
    "PriceTableError",
    "Problem",
    "RefreshError",
    "TraceError",
    "either",
    "nearest",
    "one_line",
    "shown",
]


#: How many problems an error prints; it carries all of them.
SHOWN: Final = 20


class KafkatcoError(Exception):
    """Base of every error that a user can cause; its text fits one screen."""

    @property
    def message(self) -> Message:
        """The text of the error, which can be translated."""
        text = self.args[0] if self.args else ""
        return text if isinstance(text, Message) else verbatim(str(self))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input.

    ``where`` is a path such as ``workload.ingress`` or ``msk.csv:12``; ``hint`` the nearest
    valid thing, or an empty string.  Without a ``given`` value, ``expected`` is the whole
    sentence: not every problem is a value that could have been another.
    """

    where: str
    given: str
    expected: str
    hint: str = ""

    @property
    def message(self) -> Message:
        """The problem as a sentence, which can be translated."""
        text = (
            _("got {given}; expected {expected}", given=self.given, expected=self.expected)
            if self.given
            else verbatim(self.expected)
        )
        if self.where:
            text = join("", [self.where, ": ", text])
        if self.hint:
            text = join(". ", [text, self.hint])
        return text.map_text(_printable)

    def __str__(self) -> str:
        return str(self.message)


def _printable(text: str) -> str:
    """Return text without controls that a terminal would obey; lines stay."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class _ProblemsError(KafkatcoError):
    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.source = source
        self.problems = tuple(problems)
        super().__init__(str(self))

    @property
    def message(self) -> Message:
        """All problems, a line each, as far as they fit one screen.

        Without a source, a single problem is all of it.
        """
        count = len(self.problems)
        if self.source:
            title = ngettext(
                "{source}: {n} problem", "{source}: {n} problems", count, source=self.source
            )
        elif count == 1:
            return self.problems[0].message
        else:
            title = ngettext("{n} problem", "{n} problems", count)
        lines = [join("", ["  - ", problem.message]) for problem in self.problems[:SHOWN]]
        if count > SHOWN:
            lines.append(join("", ["  ", _("... and {n} more", n=count - SHOWN)]))
        return join("\n", [title, *lines])

    def __str__(self) -> str:
        return str(self.message)


class InputError(_ProblemsError, ValueError):
    """An invalid workload, deployment or scenario; carries every problem."""


class PriceTableError(_ProblemsError):
    """Invalid price or capacity tables; carries every problem."""


class RefreshError(_ProblemsError):
    """Prices that could not be refreshed, for a reason outside the user's input."""


class MissingPriceError(KafkatcoError, LookupError):
    """A price or capacity that no table has. Missing is never zero.

    ``hint`` may be a function, which is called when the hint is read: most candidates of a search
    that lack a price are dropped, and their hints are never needed.
    """

    def __init__(
        self, what: str, where: str, hint: str | Callable[[], str] = "", *, sku: str = ""
    ) -> None:
        self.what = what
        self.where = where
        self.sku = sku
        self._hint = hint
        super().__init__(what, where)

    @property
    def hint(self) -> str:
        """The nearest thing that there is, or what to do."""
        return self._hint if isinstance(self._hint, str) else self._hint()

    @property
    def message(self) -> Message:
        """What is missing, where, and the nearest thing that there is."""
        text = _("no {what} in {where}", what=self.what, where=self.where)
        return join(". ", [text, self.hint]) if self.hint else text

    def __str__(self) -> str:
        return str(self.message)


class CurveError(KafkatcoError, TypeError):
    """An operation whose result is not piecewise linear, so no exact curve can hold it."""


class TraceError(KafkatcoError, TypeError):
    """A formula that cannot be recorded, because what it does depends on data."""


def one_line(error: KafkatcoError) -> str:
    """Return the error message on one line, for a note in a result."""
    return " ".join(str(error).split())


def either(words: Iterable[str]) -> str:
    """Return words as alternatives, which can be translated.

    >>> either(["a"]), either(["a", "b", "c"])
    ('a', 'a, b or c')
    """
    *most, last = words
    return _("{one} or {other}", one=", ".join(most), other=last) if most else last


def nearest(given: str, valid: Iterable[str], *, limit: int = 8) -> Message:
    """Return a hint that names the closest valid words, or the valid ones where they are few.

    >>> nearest("fanuot", ["fanout", "zones"])
    "Did you mean 'fanout'?"
    >>> nearest("x", ["list", "article"])
    'Valid: article, list'
    """
    words = sorted(set(valid))
    same = [word for word in words if word.casefold() == given.casefold()]
    close = same or difflib.get_close_matches(given, words, n=3, cutoff=0.6)
    if close:
        return _("Did you mean {words}?", words=either(map(repr, close)))
    if words and len(words) <= limit:
        return _("Valid: {words}", words=", ".join(words))
    return verbatim("")


def shown(value: object, most: int = 80) -> str:
    """Return a value's ``repr`` as an error shows it: cut to at most ``most`` letters.

    >>> shown([1] * 100, most=10)
    '[1, 1, ...'
    """
    text = repr(value)
    return text if len(text) <= most else text[: most - 3] + "..."
