"""Checks, lists, drills and prunes the backups of a release directory."""
