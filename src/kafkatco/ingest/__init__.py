"""Readers of what a team already has: metrics, inventories, infrastructure code."""
