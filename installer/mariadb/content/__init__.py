"""Reads the content of a schema: definitions, rows and rights, at one moment."""
