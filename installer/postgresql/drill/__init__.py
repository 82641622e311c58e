"""Restores a backup into a temporary server, and compares it with its record."""
