"""Reads commit, tags and tracked files of a project from Git."""
