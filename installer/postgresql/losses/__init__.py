"""Judges which scripts may change values or delete rows without an error."""
