"""Plugins: found, checked, offered as components, and built from strings such as `random:mean=0.9`."""
