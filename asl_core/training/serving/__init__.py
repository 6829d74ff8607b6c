"""Makes the networks that ONNX Runtime reads with: exported, in eight bits, compared with torch."""
