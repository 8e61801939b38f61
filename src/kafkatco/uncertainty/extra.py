"""What draws need beyond the core, and how one is told where it is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kafkatco.errors import KafkatcoError

__all__ = ["needing_scipy"]


@contextmanager
def needing_scipy() -> Iterator[None]:
    """Let an import of scipy that fails say which extra brings it."""
    try:
        yield
    except ImportError:
        raise KafkatcoError("draws need scipy: pip install 'kafkatco[uncertainty]'") from None
