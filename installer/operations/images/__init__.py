"""Bringing images into an engine: what it has, what it lacks, and how that gets there."""
