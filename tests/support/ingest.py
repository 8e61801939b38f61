"""Series and files for the tests of readers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from kafkatco.ingest.document import Document
from kafkatco.ingest.reader import read_documents
from kafkatco.ingest.readings import Findings, Form, Series

__all__ = ["START", "read", "series"]

#: 1 September 2026, 00:00 UTC [s since 1970].
START = 1_788_220_800.0


def series(
    values: Sequence[float],
    quantity: str = "ingress",
    *,
    step_s: float = 3600.0,
    form: Form = "rate",
    start: float = START,
    **options: Any,
) -> Series:
    """Return a series of consecutive steps; a value of ``None`` is a gap."""
    times = start + np.arange(len(values), dtype=np.float64) * step_s
    return Series(quantity, times, np.array(values, dtype=np.float64), step_s, form, **options)


def read(name: str, content: Any) -> Findings:
    """Return what the installed readers find in a file; content that is no text becomes JSON."""
    text = content if isinstance(content, str) else json.dumps(content)
    return read_documents([Document(name, text.encode())])
