"""Refreshing the price tables: what the official sources say now, appended where it differs.

Nothing else in the package uses the network, and this only when it is asked to.
"""
