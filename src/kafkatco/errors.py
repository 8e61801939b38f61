"""Errors that say what was given, where, what was expected and the nearest valid thing."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = [
    "CurveError",
    "InputError",
    "KafkatcoError",
    "MissingPriceError",
    "PriceTableError",
    "Problem",
    "RefreshError",
    "TraceError",
    "nearest",
    "one_line",
]


#: How many problems an error prints; it carries all of them.
SHOWN: Final = 20


class KafkatcoError(Exception):
    """Base of every error that a user can cause; its text fits one screen."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input.

    ``where`` is a path such as ``workload.ingress`` or ``msk.csv:12``; ``hint`` the nearest
    valid thing, or an empty string.
    """

    where: str
    given: str
    expected: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: got {self.given}; expected {self.expected}"
        text = f"{text}. {self.hint}" if self.hint else text
        return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class _ProblemsError(KafkatcoError):
    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.source = source
        self.problems = tuple(problems)
        super().__init__(str(self))

    def __str__(self) -> str:
        count = len(self.problems)
        head = f"{self.source}: {count} problem{'s' if count != 1 else ''}"
        lines = [f"  - {problem}" for problem in self.problems[:SHOWN]]
        if count > SHOWN:
            lines.append(f"  ... and {count - SHOWN} more")
        return "\n".join([head, *lines])


class InputError(_ProblemsError, ValueError):
    """A workload, deployment or scenario that cannot be used; carries every problem found."""


class PriceTableError(_ProblemsError):
    """Price or capacity tables that cannot be read; carries every problem found."""


class RefreshError(_ProblemsError):
    """Prices that could not be refreshed, through no fault of the user's."""


class MissingPriceError(KafkatcoError, LookupError):
    """A price or capacity that no table has. Missing is never zero.

    ``hint`` may be a function: it is looked for when it is read, as most offers of a search that
    lack a price are dropped without a word.
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

    def __str__(self) -> str:
        hint = self.hint
        return f"no {self.what} in {self.where}" + (f". {hint}" if hint else "")


class CurveError(KafkatcoError, TypeError):
    """An operation whose result is not piecewise linear, so no exact curve can hold it."""


class TraceError(KafkatcoError, TypeError):
    """A formula that cannot be written down, since what it does depends on data."""


def one_line(error: KafkatcoError) -> str:
    """Return an error's text as one line, to be told beside a result."""
    return " ".join(str(error).split())


def nearest(given: str, valid: Iterable[str], *, limit: int = 8) -> str:
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
        return "Did you mean " + " or ".join(repr(word) for word in close) + "?"
    if len(words) <= limit:
        return "Valid: " + ", ".join(words) if words else ""
    return ""
