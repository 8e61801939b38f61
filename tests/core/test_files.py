"""Several files are replaced at once: after a kill, a reader sees all old files or all new ones.

A kill is an exception that nothing catches, raised instead of one of the system calls: the calls
before it have been made, and no other follows.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from kafkatco.core import files
from kafkatco.core.files import current, replace_files, writing
from kafkatco.errors import InputError, KafkatcoError
from kafkatco.prices.csv_tables import tables_of

BEFORE = {"a.csv": b"a1", "aws/b.csv": b"b1", "aws/c.csv": b"c1"}
CHANGE = {"a.csv": b"a2", "aws/b.csv": b"b2", "new/d.csv": b"d2"}
AFTER = {**BEFORE, **CHANGE}


class Killed(BaseException):
    pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in BEFORE.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


def read(folder: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in tables_of(folder, []).items()}


def replaced(folder: Path, contents: Mapping[str, bytes] = CHANGE) -> None:
    with writing(folder):
        replace_files(folder, contents)


def hidden(folder: Path) -> list[str]:
    """Return the files that a write left behind, but for the lock, which stays."""
    names = (path.name for path in folder.iterdir() if path.name != ".lock")
    return [name for name in names if name.startswith(".")]


def test_all_are_replaced_and_nothing_is_left_behind(folder: Path) -> None:
    replaced(folder)
    assert read(folder) == AFTER
    assert hidden(folder) == []
    assert stat.S_IMODE((folder / "new/d.csv").stat().st_mode) == 0o644


def kill_at(monkeypatch: pytest.MonkeyPatch, number: int) -> Callable[[], int]:
    """Kill the writer at the call of this number, among the calls that change a disk."""
    calls = 0

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == number:
                raise Killed
            return real(*arguments, **named)

        return call

    for name in ("rename", "replace", "mkdir", "chmod", "open"):
        monkeypatch.setattr(Path, name, counted(getattr(Path, name)))
    monkeypatch.setattr(os, "fsync", counted(os.fsync))
    monkeypatch.setattr(shutil, "rmtree", counted(shutil.rmtree))
    monkeypatch.setattr(tempfile, "mkdtemp", counted(tempfile.mkdtemp))
    return lambda: calls


def test_a_kill_at_any_call_leaves_all_old_files_or_all_new_ones(folder: Path) -> None:
    seen = set()
    number = 0
    while True:
        number += 1
        copy = folder.parent / f"copy{number}"
        shutil.copytree(folder, copy)
        with pytest.MonkeyPatch.context() as patched:
            calls = kill_at(patched, number)
            try:
                replaced(copy)
                done = True
            except Killed:
                done = False
        contents = read(copy)
        assert contents in (BEFORE, AFTER), number
        seen.add(contents == AFTER)
        replaced(copy, {})
        assert read(copy) == contents
        assert hidden(copy) == []
        replaced(copy)
        assert read(copy) == AFTER
        if done:
            break
    assert calls() < number
    assert number > 15
    assert seen == {True, False}


def test_files_of_an_interrupted_write_are_read_before_they_are_moved(folder: Path) -> None:
    (folder / ".replacing/aws").mkdir(parents=True)
    (folder / ".replacing/aws/b.csv").write_bytes(b"b9")
    (folder / ".draft-xyz").mkdir()
    (folder / ".draft-xyz/a.csv").write_bytes(b"half")
    (folder / ".a.csv.k2j3.csv").write_bytes(b"the draft of a single file")
    assert list(current(folder)) == ["aws/b.csv"]
    assert read(folder) == {**BEFORE, "aws/b.csv": b"b9"}
    replaced(folder, {})
    assert read(folder) == {**BEFORE, "aws/b.csv": b"b9"}


def test_a_folder_that_cannot_be_written_is_a_clear_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_: object) -> str:  # as for a user without the permission
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "mkdtemp", refused)
    with pytest.raises(InputError, match=r"cannot write .*: Permission denied"):
        replaced(folder)
    assert read(folder) == BEFORE
    assert hidden(folder) == []


def test_a_missing_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot write .*nothing.*: No such file or directory"):
        replaced(tmp_path / "nothing")


#: Holds the lock of a folder, prints "held", and waits to be killed.
HOLD = """
import sys, time
from pathlib import Path
from kafkatco.core.files import writing

with writing(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_gets_a_clear_error_until_the_first_is_killed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "held\n"
            monkeypatch.setattr(files, "PATIENCE", 0.05)
            with pytest.raises(KafkatcoError, match="another process is changing the tables in"):
                replaced(folder)
            assert read(folder) == BEFORE
        finally:
            other.kill()
    assert (folder / ".lock").exists()
    replaced(folder)
    assert read(folder) == AFTER
