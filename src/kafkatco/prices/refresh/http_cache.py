"""What servers said of files when they were last read, so that those that are the same are skipped.

``refreshed.json`` in a book's folder holds it, source by source, beside a fingerprint of what was
asked and of the rows that answered it: where either is no longer the same, all is read anew.
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
    """Return the state of each source; nothing where there is none that can be read."""
    try:
        found = json.loads((folder / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    shaped = isinstance(found, dict) and all(map(_is_entry, found.values()))
    return found if shaped else {}


def _is_entry(entry: object) -> bool:
    """Return whether an entry of the state has the shape of one: nobody may rely on a file."""
    files = entry.get("files") if isinstance(entry, dict) else None
    return isinstance(files, dict) and all(
        isinstance(known, dict) and "sha256" in known and all(map(_is_text, known.values()))
        for known in files.values()
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def fingerprint(rows: Iterable[PriceRow]) -> str:
    """Return a hash of the rows that a source is asked about, whatever their order and place."""
    lines = sorted(repr([str(cell) for cell in row[:-1]]) for row in rows)
    text = "\n".join([version("kafkatco"), *lines])
    return hashlib.sha256(text.encode()).hexdigest()


def seen(state: State, source: str, print_: str) -> Mapping[str, Validators]:
    """Return what servers said of a source's files; nothing where something else is asked now."""
    known = state.get(source, {})
    files: Mapping[str, Validators] = known.get("files", {})
    return files if known.get("asked") == print_ else {}


def state_text(state: State) -> bytes:
    """Return the text of a state, always the same for the same state."""
    return (json.dumps(state, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
