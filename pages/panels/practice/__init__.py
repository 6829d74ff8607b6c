"""Parts of the practice page."""
