"""Handles layers between engine and package: compresses them, caches them, puts them in order."""
