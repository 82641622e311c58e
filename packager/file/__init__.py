"""Writes the package as one file or parts, in one pass."""
