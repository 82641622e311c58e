"""Checks whether the database can be reached, backed up and carried over, and fits on the disks."""
