"""Finds the databases of a project, and which migrations belong to which of them."""
