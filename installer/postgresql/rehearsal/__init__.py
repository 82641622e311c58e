"""Copies a running database and applies migrations to the copy."""
