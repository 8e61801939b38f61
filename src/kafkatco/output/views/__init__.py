"""What each result shows: plain values for JSON and pandas, and tables for people."""
