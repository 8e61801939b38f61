"""finops/calibration/formats."""
