"""Copies database files, for a rollback in seconds."""
