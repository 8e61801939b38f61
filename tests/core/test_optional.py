"""Optional packages: an error names the package and the extra that installs it."""

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
        use
        for path in (ROOT / "src").rglob("*.py")
        for use in re.findall(
            r'with needing\((?:_\()?"(.+?)"\)?, "(.+?)"\)', path.read_text(encoding="utf-8")
        )
    }
)


def test_every_use_is_tested() -> None:
    packages = {"scipy", "pyarrow", "matplotlib", "Dask", "PyYAML", "requests"}
    assert {package for _need, package in USES} == packages


@pytest.mark.parametrize(("need", "package"), USES)
def test_the_error_names_the_extra_that_installs_the_package(need: str, package: str) -> None:
    with pytest.raises(KafkatcoError) as caught, needing(need, package):
        raise ModuleNotFoundError(package)
    match = re.fullmatch(rf"{need} {package}: pip install 'kafkatco\[(\w+)\]'", str(caught.value))
    assert match
    names = [re.split(r"[\[<>=]", requirement)[0] for requirement in EXTRAS[match[1]]]
    assert package.lower() in names


def test_an_installed_package_is_imported_and_other_errors_pass() -> None:
    with needing("this needs", "scipy"):
        import json
    assert json.loads("1") == 1
    with pytest.raises(ZeroDivisionError), needing("this needs", "scipy"):
        1 / 0  # noqa: B018
