"""Variants: the figures of other sources, where sources contradict each other.

A row without a suffix is the default, and its note gives the reason.  A row ``sku~option`` (or,
among capacities, an attribute ``name~option``) has the figure of another source, and applies only
if it is chosen by name.

Some options are no other source but the other end of a range: the provider publishes both ends, and
not who pays which.  A cost then has a low and a high, for which :func:`ranges` has the options.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from kafkatco.errors import InputError, Problem, nearest
from kafkatco.i18n.message import _
from kafkatco.prices.assumptions import SETS
from kafkatco.prices.catalogue import capacities

__all__ = [
    "HIGH_ENDS",
    "LOW_ENDS",
    "RangeOptions",
    "check_variants",
    "known_variants",
    "options",
    "ranges",
]

#: The options that are the lower end of a range in what is paid, in order of preference.
LOW_ENDS: Final = ("cheapest", "logical", "volume")
#: Those that are the upper end.
HIGH_ENDS: Final = ("dearest",)


class RangeOptions(NamedTuple):
    """The options at the ends of a range in what is paid; "" where the default is the end."""

    low: str
    high: str


def options(skus: Iterable[str], as_of: dt.date) -> dict[str, tuple[str, ...]]:
    """Return the variants of every sku and capacity on a date, by key.

    ``skus`` are those of a price book on that date; a capacity's key is ``item.attribute``.  The
    figures of a set of assumptions are no variants: they are chosen by the set.

    >>> options(["aws.msk.tiered-storage~sizing-script"], dt.date(2025, 10, 31))[
    ...     "aws.msk.tiered-storage"]
    ('sizing-script',)
    """
    names = [*skus, *_limits(as_of, capacities()[1])]
    by_key: dict[str, list[str]] = {}
    for name in names:
        key, tilde, option = name.partition("~")
        if tilde and option not in SETS:
            by_key.setdefault(key, []).append(option)
    return {key: tuple(sorted(words)) for key, words in sorted(by_key.items())}


@lru_cache(maxsize=64)
def _limits(as_of: dt.date, _sha256: str) -> tuple[str, ...]:
    """Return the capacities with a suffix that have a row on a date, as ``item.attribute``."""
    return tuple(
        f"{item}.{attribute}"
        for item, attributes in capacities()[0].items()
        for attribute, dated in attributes.items()
        if "~" in attribute and dated[0].valid_from <= as_of
    )


def ranges(skus: Iterable[str], as_of: dt.date) -> dict[str, RangeOptions]:
    """Return the figures of which the provider publishes a range, with the options at its ends.

    Arguments and keys are those of :func:`options`.

    >>> ranges(["x.y~volume", "x.z~dearest", "x.z~billed"], dt.date(2000, 1, 1))
    {'x.y': RangeOptions(low='volume', high=''), 'x.z': RangeOptions(low='', high='dearest')}
    """

    def end(ends: Iterable[str], words: Iterable[str]) -> str:
        return next((word for word in ends if word in words), "")

    found = {
        key: RangeOptions(end(LOW_ENDS, words), end(HIGH_ENDS, words))
        for key, words in options(skus, as_of).items()
    }
    return {key: ends for key, ends in found.items() if any(ends)}


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
