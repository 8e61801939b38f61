"""Errors that name the field, its value, the expected value and the nearest valid one."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kafkatco.i18n.message import EMPTY, Message, _, join, ngettext, verbatim

__all__ = [
    "CurveError",
    "InputError",
    "InvalidValueError",
    "KafkatcoError",
    "LimitError",
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
    """Base of every error that a user can cause; the message fits on one screen."""

    @property
    def message(self) -> Message:
        """The error message, which can be translated."""
        text = self.args[0] if self.args else ""
        return text if isinstance(text, Message) else verbatim(str(self))


@dataclass(frozen=True, slots=True)
class Problem:
    """A single problem of an input.

    ``where`` is a path such as ``workload.ingress`` or ``msk.csv:12``; ``hint`` names the nearest
    valid value or the next step, and may be empty.  With an empty ``given``, ``expected`` is the
    whole sentence: not every problem is one value in place of another.
    """

    where: str
    given: str
    expected: Message
    hint: Message = EMPTY

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
    """Return text with control characters escaped, since a terminal would obey them."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class _ProblemsError(KafkatcoError):
    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.source = source
        self.problems = tuple(problems)
        super().__init__(str(self))

    @property
    def message(self) -> Message:
        """All problems, a line each, as far as they fit on one screen.

        Without a source, a single problem is the whole message.
        """
        count = len(self.problems)
        if count == 1 and not self.source:
            return self.problems[0].message
        lines = [join("", ["  - ", problem.message]) for problem in self.problems[:SHOWN]]
        if count > SHOWN:
            lines.append(join("", ["  ", _("... and {n} more", n=count - SHOWN)]))
        return join("\n", [self.title, *lines])

    @property
    def title(self) -> Message:
        """The number of problems and their source; empty for one problem without a source."""
        count = len(self.problems)
        if self.source:
            return ngettext(
                "{source}: {n} problem", "{source}: {n} problems", count, source=self.source
            )
        return verbatim("") if count == 1 else ngettext("{n} problem", "{n} problems", count)

    def __str__(self) -> str:
        return str(self.message)


class InputError(_ProblemsError, ValueError):
    """An invalid workload, deployment or scenario, with every problem."""


class InvalidValueError(ValueError):
    """A value that a field does not accept; the field's name is the caller's to add.

    ``expected`` and ``hint`` are those of the :class:`Problem` that :meth:`problem` returns.
    """

    def __init__(self, expected: Message, hint: Message | None = None) -> None:
        self.expected = expected
        self.hint = hint or EMPTY
        super().__init__(expected, self.hint)

    def problem(self, where: str, value: object) -> Problem:
        """Return the problem of ``value`` in the field ``where``."""
        return Problem(where, shown(value), self.expected, self.hint)

    def __str__(self) -> str:  # a message, which stays translatable
        return join(". ", filter(None, [self.expected, self.hint]))


class PriceTableError(_ProblemsError):
    """Invalid price or capacity tables, with every problem."""


class RefreshError(_ProblemsError):
    """A refresh of prices that failed for a reason outside the user's input."""


class LimitError(KafkatcoError):
    """A cost that increases beyond a limit of the user, or that may do so, as it is not known.

    ``beyond`` is whether it is known to.
    """

    def __init__(self, text: Message, *, beyond: bool) -> None:
        self.beyond = beyond
        super().__init__(text)


class MissingPriceError(KafkatcoError, LookupError):
    """A price or capacity that is in no table; a missing price is never zero.

    ``what`` and ``where`` fill the sentence "no price of 'x' in book 'list'".  ``hint`` may be a
    function, which is called when the hint is read: most candidates of a search that have no price
    are dropped, and their hints are never needed.
    """

    def __init__(
        self, what: str, where: str, hint: Message | Callable[[], Message] = EMPTY, *, sku: str = ""
    ) -> None:
        self.what = what
        self.where = where
        self.sku = sku
        self._hint = hint
        super().__init__(what, where)

    @property
    def hint(self) -> Message:
        """The nearest price or capacity, or what to do."""
        return self._hint if isinstance(self._hint, Message) else self._hint()

    @property
    def message(self) -> Message:
        """The missing price or capacity, the table, and the hint."""
        text = _("no {what} in {where}", what=self.what, where=self.where)
        return join(". ", [text, self.hint]) if self.hint else text

    def __str__(self) -> str:
        return str(self.message)


class CurveError(KafkatcoError, TypeError):
    """An operation whose result is not piecewise linear, so that no exact curve can hold it."""


class TraceError(KafkatcoError, TypeError):
    """A formula that cannot be recorded, because its operations depend on data."""


def one_line(error: KafkatcoError) -> Message:
    """Return the error message on one line, for a note in a result."""
    if isinstance(error, _ProblemsError):
        return join(
            " - ", filter(None, [error.title, *(p.message for p in error.problems[:SHOWN])])
        )
    return error.message


def either(words: Iterable[str]) -> Message:
    """Return words as alternatives, which can be translated.

    >>> either(["a"]), either(["a", "b", "c"])
    ('a', 'a, b or c')
    """
    *most, last = words
    return _("{one} or {other}", one=", ".join(most), other=last) if most else verbatim(last)


def nearest(text: str, valid: Iterable[str], *, limit: int = 8, cutoff: float = 0.6) -> Message:
    """Return a hint: the valid words closest to ``text``, or all of them if they are few.

    Words are close if their similarity to ``text`` is at least ``cutoff``, from 0 to 1.  [1]

    >>> nearest("fanuot", ["fanout", "zones"])
    "Did you mean 'fanout'?"
    >>> nearest("x", ["list", "article"])
    'Valid: article, list'
    """
    words = sorted(set(valid))
    same = [word for word in words if word.casefold() == text.casefold()]
    close = same or difflib.get_close_matches(text, words, n=3, cutoff=cutoff)
    if close:
        return _("Did you mean {words}?", words=either(map(repr, close)))
    if words and len(words) <= limit:
        return _("Valid: {words}", words=", ".join(words))
    return verbatim("")


def shown(value: object, most: int = 80) -> str:
    """Return the ``repr`` of a value for an error message, cut to at most ``most`` letters.

    >>> shown([1] * 100, most=10)
    '[1, 1, ...'
    """
    text = repr(value)
    return text if len(text) <= most else text[: most - 3] + "..."
