"""Costs under uncertainty: distributions, draws, and what comes of them."""
