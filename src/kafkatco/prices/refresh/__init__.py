"""Refresh the price tables: read the official sources, and append every price that differs.

Nothing else in kafkatco uses the network, and this package only on request.
"""
