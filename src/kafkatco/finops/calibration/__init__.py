"""Calibrate a model to a real bill."""
