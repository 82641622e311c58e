"""Looks for everything that could make an import fail, while nothing has changed."""
