"""Adapts a recognizer to one person's hand, from a few photos and without training."""
