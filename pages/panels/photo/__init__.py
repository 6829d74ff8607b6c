"""Parts of the photo page."""
