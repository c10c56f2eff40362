"""CSL-JSON and JSON Lines."""
