"""Reads SQL statements into changes."""
