"""What every page stands in: menu, heading, chosen run, shared recognizer."""
