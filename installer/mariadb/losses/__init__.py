"""Finds the values and rows that a statement changes without an error."""
