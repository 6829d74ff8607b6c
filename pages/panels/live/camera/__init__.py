"""From the visitor's camera to the live page."""
