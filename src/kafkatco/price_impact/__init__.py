"""price_impact."""
