"""Copies a folder again and again while others write to it, and exactly once they have stopped."""
