"""The notebooks run from a clean kernel, and say what they said when they were committed."""

import re
from pathlib import Path
from typing import Any

import pytest

from support.notebooks import NOTEBOOKS, read, run

#: Another row in the tables is another sha256, and need not change a number.
SHA256 = re.compile(r"(sha256\W{1,4})[0-9a-f]{12,64}")
#: A number as prose and outputs have it.
NUMBER = re.compile(r"\d+(?:[,_]\d{3})*(?:\.\d+)?")


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


def numbers(text: str) -> set[str]:
    return {found.replace(",", "").replace("_", "") for found in NUMBER.findall(text)}


def test_there_are_five() -> None:
    assert [path.stem[:2] for path in NOTEBOOKS] == ["1_", "2_", "3_", "4_", "5_"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the kernel's own making
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_says_what_it_said(path: Path) -> None:
    committed, again = read(path), run(path)
    assert said(committed), "commit notebooks with their outputs: make notebooks"
    assert said(again) == said(committed)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_number_of_its_prose_stands_in_its_code_or_outputs(path: Path) -> None:
    """Prose may round to one or two places."""
    notebook = read(path)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    computed, stated = numbers("\n".join([*code, *said(notebook)])), numbers(prose)
    assert stated
    rounded = {
        f"{float(number):.{digits}f}" for number in computed if "." in number for digits in (1, 2)
    }
    missing = stated - computed - rounded
    assert not missing, f"neither computed nor given: {sorted(missing)}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_pictures_and_says_what_it_does_not_model(path: Path) -> None:
    notebook = read(path)
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", ())]
    pictures = [out for out in outputs if "image/png" in out.get("data", {})]
    assert len(pictures) >= 2
    assert all("text/plain" in out["data"] for out in outputs if "data" in out)
    assert "does not model" in notebook.cells[-1].source + notebook.cells[-2].source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_tells_nothing_of_where_and_when_it_ran(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"/(?:home|root|tmp|Users|work|opt)/|iopub|ipykernel_\d", text)
    notebook = read(path)
    assert set(notebook.metadata) == {"kernelspec"}
    assert all(not cell.metadata for cell in notebook.cells)
