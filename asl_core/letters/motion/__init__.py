"""Reads J and Z from the movement of the hand."""
