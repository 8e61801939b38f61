"""Estimates as FinOps FOCUS 1.2, and their reconciliation with real bills."""

from __future__ import annotations

from kafkatco.finops.focus_dataset import focus, focus_months

__all__ = ["focus", "focus_months"]
