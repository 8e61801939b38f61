"""How a report and its files are shown."""

from __future__ import annotations

from typing import Final

from kafkatco.core.result import View

__all__ = ["REPORT_FILES"]

#: The report makes its own tables and plain values, of the views of its parts.
REPORT_FILES: Final = View(
    columns=("written",),
    rows=lambda found: [[str(path)] for path in found.paths],
    tables=lambda found: found.report.tables() if found.shown else (),
    plain=lambda found: {"written": [str(path) for path in found.paths], **found.report.to_dict()},
)
