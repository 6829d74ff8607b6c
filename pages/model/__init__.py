"""The model's pages: how it was trained, how well it reads, and for whom."""
