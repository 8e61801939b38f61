"""How a report and its files are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.result import View

if TYPE_CHECKING:
    from kafkatco.output.report import ReportFiles

__all__ = ["REPORT_FILES"]


def report_dict(found: ReportFiles) -> dict[str, Any]:
    """Return ``kafkatco report --format json``."""
    return {"written": [str(path) for path in found.paths], **found.report.to_dict()}


REPORT_FILES: Final = View(
    columns=("written",),
    rows=lambda found: [[str(path)] for path in found.paths],
    tables=lambda found: found.report.tables() if found.shown else (),
    plain=report_dict,
)
