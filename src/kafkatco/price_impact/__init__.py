"""The impact of price changes on the answers to a scenario."""
