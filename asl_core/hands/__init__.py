"""Where is the hand? Landmarks, detector, crop."""
