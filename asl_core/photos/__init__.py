"""What is learnt from: reads, checks, splits and downloads labelled photos; cuts hands."""
