"""The change of cost that a change of a scenario or a plan makes, for its review."""
