"""Finds the rows that make a statement fail."""
