"""The package as one file or parts, written in one pass."""
