"""What a training run leaves behind, as plain files and values: no torch, no images."""
