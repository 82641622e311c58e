"""Checks, lists and prunes the backups of a release directory."""
