"""From signed sequences to a reader of J and Z."""
