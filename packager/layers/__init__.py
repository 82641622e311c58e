"""Layers on their way: packed, kept in a cache, put in order."""
