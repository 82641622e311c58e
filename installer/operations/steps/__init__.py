"""Carries out steps 6 to 12 of an import, each with its undo."""
