"""The notebooks run from a clean kernel, and say what they said when they were committed."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def said(notebook: Any) -> list[str]:
    """Return the texts that the cells of a notebook show; pictures are not compared."""
    texts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "image/png" in data:
                continue
            shown = data.get("text/html") or data.get("text/plain") or output.get("text", "")
            texts.append("".join(shown))
    return texts


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the kernel's own making
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_says_what_it_said(path: Path) -> None:
    read: Any = nbformat.read  # untyped
    committed, again = read(path, as_version=4), read(path, as_version=4)
    NotebookClient(again, timeout=120, resources={"metadata": {"path": path.parent}}).execute()
    assert said(committed), "commit notebooks with their outputs"
    assert said(again) == said(committed)
