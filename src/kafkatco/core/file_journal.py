"""Replacing several files of a folder at once: readers see all as before, or all as after.

The new files are written to a hidden folder, which is then renamed: from that moment they count,
and what is left is to move each into its place.  Whoever is killed in between leaves them in the
hidden folder, where :func:`current` finds them, and the next to replace files moves them first.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Final

from kafkatco.errors import InputError, Problem

__all__ = ["current", "replace_files", "writing"]

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

#: Holds files that count instead of those of the same names in the folder above it.
DECIDED: Final = ".replacing"
#: How the folders of files begin that do not count yet.
DRAFT: Final = ".draft-"


def current(folder: Path) -> dict[str, Path]:
    """Return the files that count instead of those of their names, if a writer was killed."""
    decided = folder / DECIDED
    found = (Path(root, name) for root, _, names in os.walk(decided) for name in names)
    return {path.relative_to(decided).as_posix(): path for path in found}


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Be the only one who writes a folder, where the system has such locks; waits for others.

    Raises :class:`~kafkatco.errors.InputError` where the folder cannot be written.
    """
    try:
        with _locked(folder):
            _finish(folder)
            Path(tempfile.mkdtemp(prefix=DRAFT, dir=folder)).rmdir()  # now, and not after hours
            yield
    except OSError as error:
        problem = Problem("tables", str(folder), f"a folder to write to ({error.strerror})")
        raise InputError("command", [problem]) from None


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    if fcntl is None:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _finish(folder: Path) -> None:
    """Move the files into place that somebody who was killed had decided on, and drop drafts."""
    decided = folder / DECIDED
    for name, path in current(folder).items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)
    shutil.rmtree(decided, ignore_errors=True)
    for draft in folder.glob(f"{DRAFT}*"):
        shutil.rmtree(draft, ignore_errors=True)


def replace_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Replace the files of these names all at once; by whom is :func:`writing` the folder."""
    draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=folder))
    for name, data in contents.items():
        path = draft / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        path.chmod(0o644)
    draft.rename(folder / DECIDED)
    _finish(folder)
