"""Programs ready to be computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kafkatco.program import Program


def ready(program: Program) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """Return the results for inputs by name."""
    return lambda inputs: program(**{k: inputs[k] for k in program.inputs})
