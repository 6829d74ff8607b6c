"""One visitor's camera run: frames in, marked frames and snapshots out, thread-safe."""
