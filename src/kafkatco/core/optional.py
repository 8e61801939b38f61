"""Optional packages, and the error for a missing one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from kafkatco.errors import KafkatcoError
from kafkatco.i18n.message import _

__all__ = ["needing"]

#: The extra that installs a package.
_EXTRAS: Final[Mapping[str, str]] = {
    "scipy": "uncertainty",
    "pyarrow": "parquet",
    "matplotlib": "plot",
    "Dask": "scale",
    "PyYAML": "ingest",
    "requests": "ingest",
}


@contextmanager
def needing(need: str, package: str) -> Iterator[None]:
    """Turn a failed import into an error that names the package and the extra that installs it.

    ``need`` is the beginning of the sentence, up to its verb.

    >>> with needing(_("draws need"), "scipy"):
    ...     raise ImportError
    Traceback (most recent call last):
    kafkatco.errors.KafkatcoError: draws need scipy: pip install 'kafkatco[uncertainty]'
    """
    try:
        yield
    except ImportError:
        text = _(
            "{need} {package}: pip install 'kafkatco[{extra}]'",
            need=need,
            package=package,
            extra=_EXTRAS[package],
        )
        raise KafkatcoError(text) from None
