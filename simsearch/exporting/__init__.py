"""Model folder to ONNX, checked for parity. Imports torch: run as a process of its own."""
