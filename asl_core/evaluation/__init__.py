"""From a run and labelled photos to a measured report."""
