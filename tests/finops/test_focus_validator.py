"""The dataset against the FinOps Foundation's own validator, at its rules of FOCUS 1.2.

It needs Python 3.12 and NumPy 1, so it lives in an environment of its own: ``make validator``.
It runs 368 of its 578 rules, and skips those that only a reader can judge.  Where one value of
several is allowed, and where a row must not be a correction, it passes what it should find:
``test_columns.py`` looks at those.
"""

import os
import re
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import kafkatco as kt
from kafkatco.scenario.scenario import Scenario
from support.focus_samples import AGREED
from support.paths import ROOT

HOME = Path(os.environ.get("FOCUS_VALIDATOR", ROOT / ".venv-focus"))
RULES = "1.2.0.1"
#: Rules whose formula in these rules differs from their own text, so that no dataset, or none
#: without reservations, passes them.  Each has a sister that asks for null in the same rows.
CONTRADICTORY = {
    # "when CommitmentDiscountId is not null"; the formula asks where it is null, as C-003-C does
    "CommitmentDiscountStatus-C-004-C",
    # "when CapacityReservationId is not null"; the condition is in a form that is not read
    "CapacityReservationStatus-C-004-C",
    # "when the charge is associated with an invoice"; no condition, although C-004-C requires null
    "InvoiceId-C-005-C",
}


def failed(path: Path) -> set[str]:
    """Return the rules that a file fails, but for those that only sum up others."""
    [package] = HOME.glob("lib/python3*/site-packages")
    done = subprocess.run(
        [
            HOME / "bin/focus-validator",
            "--data-file",
            path,
            "--validate-version",
            RULES,
            "--block-download",
            "--applicability-criteria",
            "ALL",
            "--focus-dataset",
            "CostAndUsage",
        ],
        cwd=package,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Total: 578" in done.stdout, done.stdout[-2000:]
    lines = [line for line in done.stdout.splitlines() if ": FAIL" in line]
    return {
        re.findall(r"[A-Za-z]+-[ACD]-\d{3}-[MCO]", line)[0]
        for line in lines
        if "failed child rules" not in line
    }


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (HOME / "bin/focus-validator").exists(), reason="no FOCUS validator: make validator"
    ),
]


def agreed() -> Scenario:
    return Scenario.from_dict(tomllib.loads(AGREED))


FRAMES: dict[str, Callable[[], pd.DataFrame]] = {
    "agreed": lambda: kt.focus(agreed().bills(), month="2025-11", people="us"),
    "every-kind": lambda: kt.focus(Scenario.load("every-kind").bills(), month="2025-11"),
    "months": lambda: kt.focus_months(agreed(), month="2025-11", people="us"),
}


@pytest.mark.parametrize("name", FRAMES)
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_the_validator_finds_nothing(name: str, suffix: str, tmp_path: Path) -> None:
    assert failed(kt.export(FRAMES[name](), tmp_path / f"focus{suffix}")) == CONTRADICTORY


def test_the_validator_would_find_it(tmp_path: Path) -> None:
    frame = FRAMES["agreed"]()
    category, billed = frame["ServiceCategory"].tolist(), frame["BilledCost"].tolist()
    category[0], billed[1] = "Networking", None
    wrong = frame.assign(ServiceCategory=category, BilledCost=billed)
    failures = failed(kt.export(wrong, tmp_path / "wrong.parquet"))
    assert failures - CONTRADICTORY == {"ServiceName-C-005-C", "BilledCost-C-003-M"}
