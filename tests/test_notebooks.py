"""The notebooks run from a clean kernel, and say what they said when they were committed."""

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


#: Another row in the tables is another sha256, and need not change a number.
SHA256 = re.compile(r"(sha256\W{1,4})[0-9a-f]{12,64}")


def said(notebook: Any) -> list[str]:
    """Return the texts that the cells of a notebook show, but for pictures and hashes."""
    texts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "image/png" in data:
                continue
            shown = data.get("text/html") or data.get("text/plain") or output.get("text", "")
            texts.append(SHA256.sub(r"\1...", "".join(shown)))
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
