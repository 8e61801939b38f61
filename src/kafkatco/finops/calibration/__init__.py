"""finops/calibration."""
