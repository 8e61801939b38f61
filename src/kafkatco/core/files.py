"""Atomic replacement of one or several files of a folder: a reader sees all old or all new.

Several files are first written to a hidden folder, which is then renamed: from that moment the new
files are the valid ones, and only need to be moved into place.  If a writer is killed in between,
:func:`current` finds the new files in the hidden folder, and the next writer moves them first.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from kafkatco.errors import InputError, KafkatcoError, Problem
from kafkatco.i18n.message import _

__all__ = ["current", "replace_file", "replace_files", "writing"]

#: A folder of new files, which replace those with the same names in the folder above it.
DECIDED: Final = ".replacing"
#: The prefix of folders with files that are not complete yet.
DRAFT: Final = ".draft-"
#: Locked while a process writes the folder.  It stays: removing it would race with other writers.
LOCK: Final = ".lock"
#: How long to wait for another writer, and the time between two attempts.  [s]
PATIENCE: Final = 30.0
POLL: Final = 0.01


def replace_file(path: Path, write: Callable[[Path], object]) -> None:
    """Write a draft in the same folder with ``write``, then replace ``path`` by it atomically.

    A symbolic link stays, and the file that it points to is replaced.

    Raises :class:`~kafkatco.errors.InputError` if the folder cannot be written, and if ``path`` is
    a folder, a device or a pipe, which cannot be replaced.
    """
    draft = None
    try:
        target = Path(os.path.realpath(path))
        circle = target.is_symlink()
        if circle or (target.exists() and not target.is_file()):
            text = _("cannot write {path}: it is not a file", path=repr(str(path)))
            raise InputError("", [Problem("", "", text)])
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
        raise InputError("", [_cannot_write(path, error)]) from None
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Lock a folder for writing; wait for another writer to finish.

    Raises :class:`~kafkatco.errors.InputError` if the folder cannot be written, and
    :class:`~kafkatco.errors.KafkatcoError` if another process does not finish.
    """
    from filelock import FileLock, Timeout

    try:
        folder.stat()  # the lock would create a folder that does not exist
        with FileLock(folder / LOCK).acquire(PATIENCE, POLL):
            _finish(folder)
            Path(tempfile.mkdtemp(prefix=DRAFT, dir=folder)).rmdir()  # fail now, not after hours
            yield
    except Timeout:
        text = _(
            "another process is changing the tables in {folder}; run the command again",
            folder=str(folder),
        )
        raise KafkatcoError(text) from None
    except OSError as error:
        raise InputError("", [_cannot_write(folder, error)]) from None


def replace_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Replace files of a folder, by name, all at once; call it within :func:`writing`."""
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


def current(folder: Path) -> dict[str, Path]:
    """Return files of an interrupted write, which replace those with the same names."""
    decided = folder / DECIDED
    paths = (Path(root, name) for root, _folders, names in os.walk(decided) for name in names)
    return {path.relative_to(decided).as_posix(): path for path in paths}


def _cannot_write(path: Path, error: OSError) -> Problem:
    """Return the problem of a file or folder that cannot be written."""
    return Problem(
        "", "", _("cannot write {path}: {reason}", path=repr(str(path)), reason=error.strerror)
    )


def _finish(folder: Path) -> None:
    """Move the files of an interrupted write into place, and remove drafts."""
    for name, path in current(folder).items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)
    shutil.rmtree(folder / DECIDED, ignore_errors=True)
    for draft in folder.glob(f"{DRAFT}*"):
        shutil.rmtree(draft, ignore_errors=True)
