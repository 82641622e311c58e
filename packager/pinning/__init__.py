"""Pins compose files to one release, and proves that they still mean the same."""
