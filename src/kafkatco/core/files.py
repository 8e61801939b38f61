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

    A symbolic link stays, and what it points to is replaced.

    Raises :class:`~kafkatco.errors.InputError` where the folder cannot be written, and where
    ``path`` is there and no file: a folder, a device or a pipe cannot be replaced.
    """
    draft = None
    try:
        target = Path(os.path.realpath(path))
        circle = target.is_symlink()
        if circle or (target.exists() and not target.is_file()):
            raise InputError("file", [Problem("path", str(path), "a file, or a new name")])
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(
            dir=target.parent, prefix=f".{target.name}.", suffix=target.suffix
        )
        os.close(handle)
        draft = Path(name)
        write(draft)
        draft.chmod(0o644)
        draft.replace(target)
    except OSError as error:
        problem = Problem("path", str(path), f"a place to write to ({error.strerror})")
        raise InputError("file", [problem]) from None
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)
