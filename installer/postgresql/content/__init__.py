"""Reads the content of a database."""
