"""Store the validators of files between refreshes, so that unchanged files are skipped.

``refreshed.json`` in a book's folder has them by source, with a fingerprint of the refreshed rows:
if it differs, every file is read again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from kafkatco.prices.refresh.http import Validators
from kafkatco.prices.rows import PriceRow

__all__ = ["STATE", "State", "fingerprint", "read_state", "seen", "state_text"]

STATE: Final = "refreshed.json"

State = dict[str, dict[str, Any]]


def read_state(folder: Path) -> State:
    """Return the state of each source; empty if the file is missing or unreadable."""
    try:
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    shaped = isinstance(state, dict) and all(map(_is_entry, state.values()))
    return state if shaped else {}


def _is_entry(entry: object) -> bool:
    """Return whether an entry of the state has the right shape, since anybody may edit the file."""
    files = entry.get("files") if isinstance(entry, dict) else None
    return isinstance(files, dict) and all(map(_are_validators, files.values()))


def _are_validators(of: object) -> bool:
    return isinstance(of, dict) and "sha256" in of and all(map(_is_text, of.values()))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def fingerprint(rows: Iterable[PriceRow]) -> str:
    """Return a hash of the rows of a source, independent of their order and place."""
    lines = sorted(repr([str(cell) for cell in row[:-1]]) for row in rows)
    text = "\n".join([version("kafkatco"), *lines])
    return hashlib.sha256(text.encode()).hexdigest()


def seen(state: State, source: str, rows_hash: str) -> Mapping[str, Validators]:
    """Return the validators of a source's files; empty if the rows have changed."""
    entry = state.get(source, {})
    files: Mapping[str, Validators] = entry.get("files", {})
    return files if entry.get("asked") == rows_hash else {}


def state_text(state: State) -> bytes:
    """Return the text of a state, which is deterministic."""
    return (json.dumps(state, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
