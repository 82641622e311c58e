"""Writes out early, and reads back what was written."""
