"""Live video of one visitor: their words, their camera, and what a page shows of both."""
