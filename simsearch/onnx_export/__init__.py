"""Model folder to ONNX, checked for parity, and in fewer bits. Run as a process of its own: it imports torch."""
