"""Describes the plans of imports and restores as values, and as files that outlive a crash."""
