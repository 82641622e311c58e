"""The backups of a release directory: checked, listed, pruned."""
