"""Copies of database files for a way back in seconds."""
