"""The providers' own data, beside the checkout where it is at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.paths import ROOT

__all__ = ["sample"]

SAMPLES = ROOT.parent / "shared" / "samples"


def sample(name: str) -> Path:
    """Return the path of a file of samples; without it the test is skipped, and says so."""
    path = SAMPLES / name
    if not path.is_file():
        pytest.skip(f"{name} is not at hand")
    return path
