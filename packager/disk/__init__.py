"""Reads back what was written to the disk."""
