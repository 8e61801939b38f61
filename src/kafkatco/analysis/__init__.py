"""Answers about one month: cost curves, crossovers, sensitivities, placements, recommendations."""
