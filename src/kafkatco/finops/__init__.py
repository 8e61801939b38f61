"""Estimates as FinOps FOCUS 1.2, so that they can be laid beside a real bill."""

from __future__ import annotations

from kafkatco.finops.focus_dataset import focus, focus_months

__all__ = ["focus", "focus_months"]
