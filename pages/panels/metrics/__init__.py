"""Parts of the model's pages."""
