"""Which letter is it? Networks, checkpoints, recognizer."""
