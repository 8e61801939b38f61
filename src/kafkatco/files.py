"""Writing files so that a reader never sees half of one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from kafkatco.errors import InputError, Problem

__all__ = ["replace_file"]


def replace_file(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file beside ``path``, then put it in its place at once.

    Raises :class:`~kafkatco.errors.InputError` where the folder cannot be written.
    """
    draft = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(
            dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix
        )
        os.close(handle)
        draft = Path(name)
        write(draft)
        draft.chmod(0o644)
        draft.replace(path)
    except OSError as error:
        problem = Problem("out", str(path), f"a place to write to ({error.strerror})")
        raise InputError("command", [problem]) from None
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)
