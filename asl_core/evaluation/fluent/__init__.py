"""Measures the reading of natural spelling."""
