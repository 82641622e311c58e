"""Imports a release: twelve steps, the border between looking and changing, and the closing words."""
