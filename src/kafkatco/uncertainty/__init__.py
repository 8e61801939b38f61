"""Costs under uncertainty: distributions, simulations and their results."""
