"""Where sources contradict each other: the other figures, each a named choice.

A table's row without a suffix is the default, and its note says why.  A row ``sku~option`` (or,
among capacities, an attribute ``name~option``) is what another source says, and counts only where
it is chosen by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kafkatco.errors import InputError, Problem, nearest
from kafkatco.prices.catalogue import capacities

__all__ = ["check_variants", "options"]


def options(history: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the options of every sku and of every capacity that has some, by its key.

    ``history`` is the skus of a price book; a capacity's key is ``item.attribute``.

    >>> options(["aws.msk.tiered-storage~sizing-script"])["aws.msk.tiered-storage"]
    ('sizing-script',)
    """
    rows, _ = capacities()
    names = [*history, *(f"{item}.{name}" for item, found in rows.items() for name in found)]
    found: dict[str, list[str]] = {}
    for name in names:
        key, tilde, option = name.partition("~")
        if tilde:
            found.setdefault(key, []).append(option)
    return {key: tuple(sorted(words)) for key, words in sorted(found.items())}


def check_variants(variants: Mapping[str, Any], history: Iterable[str]) -> dict[str, str]:
    """Return the option chosen for each figure.

    A key is a figure, or the beginning of several: ``{"aws.msk": "sizing-script"}`` chooses that
    source wherever it says something else.  Raises :class:`~kafkatco.errors.InputError` with
    every key or option that chooses nothing.
    """
    known = options(history) if variants else {}
    chosen: dict[str, str] = {}
    problems = []
    for key, option in variants.items():
        begun = [name for name in known if name == key or name.startswith(f"{key}.")]
        found = [name for name in begun if option in known[name]]
        chosen.update(dict.fromkeys(found, str(option)))
        if not begun:
            hint = nearest(str(key), known)
            problems.append(Problem(f"variant.{key}", repr(key), "a figure with variants", hint))
        elif not found:
            words = sorted({word for name in begun for word in known[name]})
            hint = nearest(str(option), words, limit=20)
            problems.append(Problem(f"variant.{key}", repr(option), "a variant of it", hint))
    if problems:
        raise InputError("prices", problems)
    return chosen
