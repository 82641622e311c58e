"""Implements `scripts/bench database`: generates a database, and measures what a release needs of it."""
