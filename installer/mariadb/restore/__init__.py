"""Restores the content of a backup or of a dump made by hand."""
