"""Makes streams of natural spelling and teaches the streaming network with them."""
