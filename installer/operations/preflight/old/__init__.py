"""Checks whether the old release runs as its files say, and this version may follow it."""
