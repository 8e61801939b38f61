"""The field ``instance``: a type by name, or the types among which the sizing chooses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Annotated, Final, TypeGuard

from pydantic import PlainValidator, WithJsonSchema

from kafkatco.errors import InputError, InvalidValueError, Problem, nearest
from kafkatco.i18n.message import _

__all__ = ["InstanceField", "chosen_types", "is_one_type"]

#: The word for the wildcard that matches every type.
CHEAPEST: Final = "cheapest"
WILDCARDS: Final = frozenset("*?[")


def _read(value: object) -> str | tuple[str, ...]:
    """Return a name or wildcard, or a tuple of at least two different ones."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and value and all(isinstance(one, str) for one in value):
        first, *others = dict.fromkeys(value)
        return (first, *others) if others else str(first)
    expected = _(
        "an instance type, '{cheapest}', a wildcard such as '{wildcard}', or a list of these",
        cheapest=CHEAPEST,
        wildcard="m7g.*",
    )
    raise InvalidValueError(expected)


#: A type, "cheapest", a wildcard, or a list of these; a list becomes a tuple.
InstanceField = Annotated[
    str | list[str] | tuple[str, ...],
    PlainValidator(_read),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        }
    ),
]


def is_one_type(instance: str | Sequence[str]) -> TypeGuard[str]:
    """Return whether an instance is one type by name, so that the sizing has no choice.

    >>> [is_one_type(one) for one in ("m5.large", "cheapest", "m5.*", ("m5.large", "m5.xlarge"))]
    [True, False, False, False]
    """
    return isinstance(instance, str) and not _is_wildcard(instance)


def _is_wildcard(entry: str) -> bool:
    return entry == CHEAPEST or not WILDCARDS.isdisjoint(entry)


def chosen_types(
    instance: str | Sequence[str],
    types: Sequence[str],
    *,
    by_name: Collection[str] = (),
    label: str,
) -> tuple[str, ...]:
    """Return the types among which the sizing of a deployment chooses, each once.

    Wildcards match ``types``, with upper and lower case distinct; a list may also name the types of
    ``by_name``, those with local disks.

    Raises :class:`~kafkatco.InputError`, from ``label``, with every wildcard that matches no type
    and every unknown name.

    >>> chosen_types(("m7g.*", "i3.large"), ["m5.large", "m7g.large", "m7g.xlarge"],
    ...              by_name=["i3.large"], label="ours")
    ('m7g.large', 'm7g.xlarge', 'i3.large')
    """
    entries = (instance,) if isinstance(instance, str) else instance
    chosen: dict[str, None] = {}
    problems: list[Problem] = []
    for entry in entries:
        if _is_wildcard(entry):
            matches = _matches(entry, types)
        else:
            matches = (entry,) if entry in types or entry in by_name else ()
        chosen |= dict.fromkeys(matches)
        if not matches:
            problems.append(_unknown(entry, types, by_name))
    if problems:
        raise InputError(label, problems)
    return tuple(chosen)


def _matches(wildcard: str, types: Iterable[str]) -> tuple[str, ...]:
    pattern = "*" if wildcard == CHEAPEST else wildcard
    return tuple(name for name in types if fnmatchcase(name, pattern))


def _unknown(entry: str, types: Sequence[str], by_name: Collection[str]) -> Problem:
    """Return the problem of a wildcard without a match, or of an unknown name in a list."""
    if not _is_wildcard(entry):
        hint = nearest(entry, {*types, *by_name}, limit=20)
        return Problem("instance", repr(entry), _("the name of an instance type"), hint)
    if excluded := _matches(entry, by_name):
        hint = _(
            "Types that are unfit for production, or have local disks (unless volume is 'local'), "
            "must be named, such as '{name}'.",
            name=excluded[0],
        )
    else:
        alike = [name for name in types if fnmatchcase(name.casefold(), entry.casefold())]
        letters = "".join(letter for letter in entry if letter not in WILDCARDS)
        hint = nearest(letters, alike or types, cutoff=0.0)
    return Problem("instance", repr(entry), _("a wildcard that matches an instance type"), hint)
