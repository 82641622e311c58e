"""Puts back what a backup or a dump made by hand holds."""
