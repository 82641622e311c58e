"""Restores a database: beside the old one, compared there, and put in place by renaming."""
