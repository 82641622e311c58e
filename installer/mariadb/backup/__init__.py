"""Writes a verified backup and its record, and reads both again."""
