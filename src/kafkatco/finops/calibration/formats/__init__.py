"""The formats of bills, one in each module."""
