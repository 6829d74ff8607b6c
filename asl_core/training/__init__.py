"""Photos in, run folder out: augmentation, epochs, second view, calibration."""
