"""The basis of every answer: a workload, deployments and prices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from kafkatco.deployments import Deployment, unknown_options
from kafkatco.errors import InputError, Problem, nearest, shown
from kafkatco.i18n.message import EMPTY, _, ngettext
from kafkatco.numerics.typing import Operand
from kafkatco.prices import PriceBook
from kafkatco.sizing.workload import Operands, Workload, hours_of_month

__all__ = ["Comparison", "operands_of"]

#: The arguments of a public function, in order.
ROLES: Final = ["workload", "deployments", "book"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A workload in base units, the deployments to compare, and the prices.

    Every public function takes ``workload, deployments, book`` in this order, and :meth:`of` is the
    only place where they are checked.
    """

    load: Operands
    deployments: tuple[Deployment, ...]
    book: PriceBook

    @classmethod
    def of(
        cls,
        where: str,
        workload: Workload | Operands,
        deployments: Sequence[Deployment],
        book: PriceBook,
        month_hours: float | str = 730,
        *,
        operands: bool = False,
    ) -> Comparison:
        """Check the arguments of a public function, and return them as a comparison.

        With ``operands``, a workload in base units is also valid; it may have arrays or a curve,
        and has its own length of a month.

        Raises ``InputError`` of ``where`` for arguments of the wrong type or in the wrong order, no
        deployments, and deployments of the same name.

        >>> from kafkatco import ConfluentBasic
        >>> load, option = Workload(ingress="1 MB/s"), ConfluentBasic(region="us-east-1")
        >>> Comparison.of("bill", load, [option], PriceBook("list", as_of="2025-10-31")).labels
        ('confluent-basic',)
        """
        problems = [*_problems(workload, deployments, book, operands=operands)]
        if problems:
            raise InputError(where, problems)
        if not isinstance(workload, Operands):
            workload = operands_of(workload, book, hours_of_month(month_hours, book.as_of))
        return cls(workload, tuple(deployments), book)

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the deployments."""
        return tuple(option.label for option in self.deployments)

    def pair(
        self, where: str, mine: str, other: str, problems: Sequence[Problem] = ()
    ) -> Comparison:
        """Return the comparison of only two deployments, by their names.

        Raises ``InputError`` for an unknown name and for the same one twice, together with any
        other ``problems``.
        """
        labels, expected = self.labels, _("one of the deployments")
        invalid = [
            Problem(role, repr(name), expected, nearest(str(name), labels, limit=20))
            for role, name in (("mine", mine), ("other", other))
            if name not in labels
        ]
        if mine == other:
            invalid.append(Problem("other", repr(other), _("another deployment than mine")))
        if invalid or problems:
            raise InputError(where, [*invalid, *problems])
        chosen = tuple(self.deployments[labels.index(name)] for name in (mine, other))
        return replace(self, deployments=chosen)


def operands_of(workload: Workload, book: PriceBook, month_hours: Operand = 730.0) -> Operands:
    """Return a workload in base units, with what it leaves open as the book's assumptions have it.

    ``month_hours`` [h] may be an array.
    """
    reads = book.catalogue().assumed("follower_fetch")
    return workload.operands(month_hours=month_hours, follower_fetch=reads)


def _problems(workload: Any, deployments: Any, book: Any, *, operands: bool) -> Iterator[Problem]:
    """Yield the problems with the types of the three arguments."""
    values = workload, deployments, book
    roles = [_role(value) for value in values]
    if roles != ROLES and sorted(roles) == sorted(ROLES):
        single = isinstance(values[roles.index("deployments")], Deployment)
        hint = _("Write a single deployment as [deployment].") if single else EMPTY
        order = _("{arguments}, in this order", arguments=", ".join(ROLES))
        yield Problem("arguments", ", ".join(roles), order, hint)
        return
    if not isinstance(workload, Workload) and not (operands and isinstance(workload, Operands)):
        yield Problem("workload", _named(workload), _("a Workload"))
    yield from _deployment_problems(deployments)
    if not isinstance(book, PriceBook):
        example = 'PriceBook("list", as_of="2025-10-31")'
        hint = _("Write {example}.", example=example) if isinstance(book, str) else EMPTY
        yield Problem("book", _named(book), _("a PriceBook"), hint)


def _deployment_problems(deployments: Any) -> Iterator[Problem]:
    if isinstance(deployments, Deployment):
        single = _("a single {kind}", kind=type(deployments).__name__)
        hint = _("Write {example}.", example="[deployment]")
        yield Problem("deployments", single, _("a list of deployments"), hint)
    elif not _listed(deployments):
        yield Problem("deployments", _named(deployments), _("a list of deployments"))
    elif not deployments:
        yield Problem("deployments", "", _("the list is empty; add at least one deployment"))
    else:
        for i, option in enumerate(deployments):
            if not isinstance(option, Deployment):
                yield Problem(f"deployments[{i}]", _named(option), _("a deployment"))
                continue
            yield from unknown_options(option.environments, f"deployments[{i}].environments")
        names = Counter(option.label for option in deployments if isinstance(option, Deployment))
        for name, count in names.items():
            if count > 1:
                same = ngettext(
                    "{n} deployment has the name {name!r}",
                    "{n} deployments have the name {name!r}",
                    count,
                    name=name,
                )
                hint = _("Set different names: {example}.", example='name="..."')
                yield Problem("deployments", "", same, hint)


def _listed(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _role(value: Any) -> str:
    """Return which of the three arguments a value can be."""
    if isinstance(value, Workload | Operands):
        return "workload"
    if isinstance(value, PriceBook):
        return "book"
    if isinstance(value, Deployment) or (
        _listed(value) and value and all(isinstance(option, Deployment) for option in value)
    ):
        return "deployments"
    return type(value).__name__


def _named(value: Any) -> str:
    """Return a value for an error message: a plain value itself, a record by its type."""
    plain = value is None or isinstance(value, str | int | float | Sequence)
    return shown(value) if plain else type(value).__name__
