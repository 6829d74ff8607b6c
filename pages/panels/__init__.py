"""Parts of a screen that pages share."""
