"""Packages beyond the core, and how one is told where it is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from kafkatco.errors import KafkatcoError

__all__ = ["needing"]

#: Which extra brings a package.
_EXTRAS: Final[Mapping[str, str]] = {
    "scipy": "uncertainty",
    "pyarrow": "parquet",
    "matplotlib": "plot",
    "Dask": "scale",
}


@contextmanager
def needing(what: str, package: str) -> Iterator[None]:
    """Let an import that fails say what needs the package, and which extra brings it.

    >>> with needing("draws need", "scipy"):
    ...     raise ImportError
    Traceback (most recent call last):
    kafkatco.errors.KafkatcoError: draws need scipy: pip install 'kafkatco[uncertainty]'
    """
    try:
        yield
    except ImportError:
        text = f"{what} {package}: pip install 'kafkatco[{_EXTRAS[package]}]'"
        raise KafkatcoError(text) from None
