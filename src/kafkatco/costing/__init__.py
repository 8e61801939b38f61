"""From quantities and prices to bills and costs."""
