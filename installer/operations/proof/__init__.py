"""Proves that a database is the one that was backed up: before writing to it, and after a rollback."""
