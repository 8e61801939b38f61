"""Run the notebooks: ``python tests/support/notebooks.py`` keeps their outputs.

Nothing is kept of when and where they ran.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from kafkatco.core.files import replace_file
from support.paths import ROOT

__all__ = ["NOTEBOOKS", "read", "run"]

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def read(path: Path) -> Any:
    """Return a notebook as it stands."""
    reading: Any = nbformat.read  # untyped
    return reading(path, as_version=4)


def run(path: Path) -> Any:
    """Return a notebook with the outputs of a clean kernel."""
    notebook = read(path)
    client = NotebookClient(
        notebook,
        timeout=120,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": path.parent}},
    )
    client.execute()
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"]}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    return notebook


if __name__ == "__main__":
    for path in NOTEBOOKS:
        writing: Any = partial(nbformat.write, run(path))
        replace_file(path, writing)
        sys.stdout.write(f"{path.name}\n")
