"""Packages beyond the core: each use says what needs it, and names an extra that brings it."""

from __future__ import annotations

import re
import tomllib

import pytest

from kafkatco import KafkatcoError
from kafkatco.core.optional import needing
from support.paths import ROOT

EXTRAS: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]["optional-dependencies"]
USES = sorted(
    {
        found
        for path in (ROOT / "src").rglob("*.py")
        for found in re.findall(
            r'with needing\("(.+?)", "(.+?)"\)', path.read_text(encoding="utf-8")
        )
    }
)


def test_its_uses_are_found() -> None:
    assert {package for _, package in USES} == {"scipy", "pyarrow", "matplotlib", "Dask"}


@pytest.mark.parametrize(("what", "package"), USES)
def test_what_is_missing_is_brought_by_the_extra_that_is_named(what: str, package: str) -> None:
    with pytest.raises(KafkatcoError) as caught, needing(what, package):
        raise ModuleNotFoundError(package)
    told = re.fullmatch(rf"{what} {package}: pip install 'kafkatco\[(\w+)\]'", str(caught.value))
    assert told
    names = [re.split(r"[\[<>=]", item)[0] for item in EXTRAS[told[1]]]
    assert package.lower() in names


def test_what_is_there_is_imported_and_other_errors_pass() -> None:
    with needing("this needs", "scipy"):
        import json
    assert json.loads("1") == 1
    with pytest.raises(ZeroDivisionError), needing("this needs", "scipy"):
        _ = 1 / 0
