"""View of a report and its files."""

from __future__ import annotations

from typing import Final

from kafkatco.core.result import View

__all__ = ["REPORT_FILES"]

#: The report makes its own tables and plain values from the views of its parts.
REPORT_FILES: Final = View(
    columns=("written",),
    rows=lambda files: [[str(path)] for path in files.paths],
    tables=lambda files: files.report.tables() if files.shown else (),
    plain=lambda files: {"written": [str(path) for path in files.paths], **files.report.to_dict()},
)
