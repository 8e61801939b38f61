"""Answers over months: projections, plans and what moving costs."""
