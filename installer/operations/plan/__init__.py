"""Describes the plan of an import as values, and as a file that outlives a crash."""
