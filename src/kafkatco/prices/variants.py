"""Variants: the figures of other sources, where sources contradict each other.

A row without a suffix is the default, and its note gives the reason.  A row ``sku~option`` (or,
among capacities, an attribute ``name~option``) has the figure of another source, and applies only
if it is chosen by name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import _
from kafkatco.prices.assumptions import SETS
from kafkatco.prices.catalogue import capacities

__all__ = ["check_variants", "known_variants", "options"]


def options(skus: Iterable[str], as_of: dt.date) -> dict[str, tuple[str, ...]]:
    """Return the variants of every sku and capacity on a date, by key.

    ``skus`` are those of a price book on that date; a capacity's key is ``item.attribute``.  The
    figures of a set of assumptions are no variants: they are chosen by the set.

    >>> options(["aws.msk.tiered-storage~sizing-script"], dt.date(2025, 10, 31))[
    ...     "aws.msk.tiered-storage"]
    ('sizing-script',)
    """
    rows = capacities()[0]
    limits = (
        f"{item}.{attribute}"
        for item, attributes in rows.items()
        for attribute, dated in attributes.items()
        if dated[0].valid_from <= as_of
    )
    names = [*skus, *limits]
    by_key: dict[str, list[str]] = {}
    for name in names:
        key, tilde, option = name.partition("~")
        if tilde and option not in SETS:
            by_key.setdefault(key, []).append(option)
    return {key: tuple(sorted(words)) for key, words in sorted(by_key.items())}


def check_variants(
    variants: Mapping[str, Any], skus: Iterable[str], as_of: dt.date
) -> dict[str, str]:
    """Return the chosen variant of each figure.

    A key is a figure, or the beginning of several: ``{"aws.msk": "sizing-script"}`` chooses that
    source wherever it differs.  Raises :class:`~kafkatco.errors.InputError` with every unknown key
    or variant.
    """
    variants_of = options(skus, as_of) if variants else {}
    chosen: dict[str, str] = {}
    problems = []
    for key, option in sorted(variants.items(), key=lambda pair: len(str(pair[0]))):
        named = [name for name in variants_of if name == key or name.startswith(f"{key}.")]
        matching = [name for name in named if option in variants_of[name]]
        chosen.update(dict.fromkeys(matching, str(option)))
        if not named:
            hint = nearest(str(key), variants_of)
            expected = _("a figure with variants")
            problems.append(Problem(f"variant.{key}", repr(key), expected, hint))
        elif not matching:
            words = sorted({word for name in named for word in variants_of[name]})
            hint = nearest(str(option), words, limit=20)
            expected = _("a variant of {figure}", figure=key)
            problems.append(Problem(f"variant.{key}", repr(option), expected, hint))
    if problems:
        raise InputError("prices", problems)
    return chosen


def known_variants(
    variants: Mapping[str, str], skus: Iterable[str], as_of: dt.date
) -> dict[str, str]:
    """Return the ``variants`` that exist among ``skus`` and capacities on a date.

    >>> known_variants({"aws.msk": "sizing-script", "a": "b"},
    ...                ["aws.msk.tiered-storage~sizing-script"], dt.date(2025, 10, 31))
    {'aws.msk': 'sizing-script'}
    """
    variants_of = options(skus, as_of)
    return {
        key: option
        for key, option in variants.items()
        if any(
            option in words
            for name, words in variants_of.items()
            if name == key or name.startswith(f"{key}.")
        )
    }
