"""Finds everything that could make an import fail, before anything changes."""
