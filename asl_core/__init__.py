"""Reads American Sign Language fingerspelling from photos and video."""

__version__ = "0.2.0"
