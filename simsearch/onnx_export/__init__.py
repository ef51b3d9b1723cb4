"""Model folder to ONNX, checked for parity, also at lower precisions. Runs as a process of its own, because it imports
torch."""
