"""Checks whether this host has what the package needs."""
