"""Views of results: plain values for JSON and pandas, and tables for people."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kafkatco.core.result import View

__all__ = ["VIEWS", "find_view"]

#: The module and constant of each result's view; a new result needs a line and a module here.
VIEWS: Final = {
    "AssumptionComparison": "assumption_comparison:ASSUMPTION_COMPARISON",
    "AssumptionSets": "assumption_sets:ASSUMPTION_SETS",
    "Bill": "bill:BILL",
    "Bills": "bill:BILLS",
    "BreakEven": "break_even:BREAK_EVEN",
    "Calibration": "calibration:CALIBRATION",
    "CheckedTables": "prices:CHECKED_TABLES",
    "ClaimConditions": "claim_conditions:CONDITIONS",
    "Claims": "claims:CLAIMS",
    "CostComparison": "cost_comparison:COST_COMPARISON",
    "Crossovers": "crossovers:CROSSOVERS",
    "DecisionMap": "decision_map:DECISION_MAP",
    "Diff": "diff:DIFF",
    "Fit": "growth_fit:FIT",
    "Impact": "impact:IMPACT",
    "Importance": "importance:IMPORTANCE",
    "InvoicePrices": "invoice_prices:INVOICE_PRICES",
    "Levers": "levers:LEVERS",
    "Placement": "placement:PLACEMENT",
    "PriceChanges": "price_changes:PRICE_CHANGES",
    "PriceHistory": "prices:PRICE_HISTORY",
    "PriceImpact": "price_changes:PRICE_IMPACT",
    "PriceRows": "prices:PRICE_ROWS",
    "PriceServices": "prices:PRICE_SERVICES",
    "PriceVariants": "prices:PRICE_VARIANTS",
    "Projection": "projection:PROJECTION",
    "Recommendation": "recommendation:RECOMMENDATION",
    "RefreshReport": "refresh:REFRESH_REPORT",
    "ReportFiles": "report:REPORT_FILES",
    "Sensitivity": "sensitivity:SENSITIVITY",
    "Simulation": "simulation:SIMULATION",
    "Solution": "solution:SOLUTION",
    "Strategy": "plan:STRATEGY",
    "SwitchingValues": "sensitivity:SWITCHING_VALUES",
    "Tornado": "sensitivity:TORNADO",
    "Tuned": "levers:TUNED",
}


def find_view(name: str) -> View:
    """Return the view of a class of results, by the name of the class."""
    module, _, constant = VIEWS[name].partition(":")
    view: View = getattr(import_module(f"{__name__}.{module}"), constant)
    return view
