"""Starts writing to the disk early, and reads back what was written."""
