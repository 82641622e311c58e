"""Checks whether the required files and folders exist, and engine and person can reach them."""
