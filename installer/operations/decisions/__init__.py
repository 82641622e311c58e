"""Finds the installation on this host, decides what an import does, and shows it."""
