"""prices/meters."""
