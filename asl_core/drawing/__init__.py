"""Draws hands, and what was read on a picture."""
