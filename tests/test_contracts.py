"""The contracts of imports in ``pyproject.toml``: each refuses a bad import (``make lint``)."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import kafkatco
from support.paths import ROOT

PACKAGE = Path(kafkatco.__file__).parent
#: For each contract a module, an import that it must not have, and what the refusal names.
BAD_IMPORTS = {
    "layers": (
        "costing/bill.py",
        "from kafkatco.analysis import recommend",
        "kafkatco.costing.bill -> kafkatco.analysis.recommend",
    ),
    # for types alone: crossings imports curve
    "cycles": (
        "numerics/curve.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
        "    from kafkatco.numerics.crossings import Crossing",
        "No cycles are allowed in kafkatco.numerics",
    ),
    "prices-in-deployments": (
        "deployments/msk_cluster.py",
        "from kafkatco.prices.book import PriceBook",
        "kafkatco.deployments.msk_cluster -> kafkatco.prices.book",
    ),
    "workloads-in-prices": (
        "prices/book.py",
        "from kafkatco.sizing.workload import Workload",
        "kafkatco.prices.book -> kafkatco.sizing.workload",
    ),
    "kafka-in-numerics": (
        "numerics/evaluate.py",
        "from kafkatco.sizing.workload import Workload",
        "kafkatco.numerics.evaluate -> kafkatco.sizing.workload",
    ),
    "network": (
        "finops/focus_dataset.py",
        "import requests",
        "kafkatco.finops.focus_dataset -> requests",
    ),
    "refresh": (
        "finops/focus_dataset.py",
        "from kafkatco.prices.refresh import http",
        "kafkatco.finops.focus_dataset -> kafkatco.prices.refresh.http",
    ),
    "screen": ("output/report.py", "import argparse", "kafkatco.output.report -> argparse"),
}


def contracts() -> list[dict[str, Any]]:
    """Return the contracts as they are written."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return listed


@pytest.fixture(scope="module")
def refusal(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the report, on one line, on a copy of the package with every bad import."""
    folder = tmp_path_factory.mktemp("contracts")
    shutil.copy(ROOT / "pyproject.toml", folder)
    ignore = shutil.ignore_patterns("__pycache__", "pricing")
    shutil.copytree(PACKAGE, folder / "kafkatco", ignore=ignore)
    for name, line, _ in BAD_IMPORTS.values():
        with (folder / "kafkatco" / name).open("a", encoding="utf-8") as module:
            module.write(f"\n{line}\n")
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return " ".join(done.stdout.split())


def test_every_contract_has_a_bad_import() -> None:
    assert [contract["id"] for contract in contracts()] == list(BAD_IMPORTS)


@pytest.mark.parametrize("contract", BAD_IMPORTS)
def test_a_contract_refuses_a_bad_import(refusal: str, contract: str) -> None:
    names = {listed["id"]: listed["name"] for listed in contracts()}
    section = refusal.rpartition(names.pop(contract))[2]
    for other in names.values():
        section = section.partition(other)[0]
    *_, expected = BAD_IMPORTS[contract]
    assert expected in section


def test_the_root_has_three_modules() -> None:
    assert {path.stem for path in PACKAGE.glob("*.py")} == {"__init__", "__main__", "errors"}
