"""Finds out what stands on this host, decides what an import does, and shows it."""
