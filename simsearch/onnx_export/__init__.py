"""Model folder to ONNX, checked for parity, also at lower precisions. Imports torch, so most exports are a process of
their own."""
