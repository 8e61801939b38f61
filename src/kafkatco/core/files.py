"""Replacing files at once: a reader sees one file, or several of a folder, as before or as after.

Several files are first written to a hidden folder, which is then renamed: from that moment they
count, and what is left is to move each into its place.  A writer that is killed in between leaves
them in the hidden folder, where :func:`current` finds them, and the next writer moves them first.
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

#: Holds files that count instead of those of the same names in the folder above it.
DECIDED: Final = ".replacing"
#: How the folders of files begin that do not count yet.
DRAFT: Final = ".draft-"
#: Locked while somebody writes the folder.  It stays: removing it would race with other writers.
LOCK: Final = ".lock"
#: How long to wait for another writer, and between two looks whether it is done.  [s]
PATIENCE: Final = 30.0
POLL: Final = 0.01


def replace_file(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a draft in the same folder, then put it in the place of ``path`` at once.

    A symbolic link stays, and what it points to is replaced.

    Raises :class:`~kafkatco.errors.InputError` where the folder cannot be written, and where
    ``path`` exists and is no file: a folder, a device or a pipe cannot be replaced.
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
    """Be the only writer of a folder; wait for another one to finish.

    Raises :class:`~kafkatco.errors.InputError` where the folder cannot be written, and
    :class:`~kafkatco.errors.KafkatcoError` where another process does not finish.
    """
    from filelock import FileLock, Timeout

    try:
        folder.stat()  # the lock would create a folder that does not exist
        with FileLock(folder / LOCK).acquire(PATIENCE, POLL):
            _finish(folder)
            Path(tempfile.mkdtemp(prefix=DRAFT, dir=folder)).rmdir()  # now, and not after hours
            yield
    except Timeout:
        text = f"another process is changing the tables in {folder}: run the command again"
        raise KafkatcoError(text) from None
    except OSError as error:
        raise InputError("", [_cannot_write(folder, error)]) from None


def replace_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Replace the files of these names all at once; the caller is :func:`writing` the folder."""
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
