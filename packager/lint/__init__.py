"""Checks migrations by their SQL alone, against the schema that all earlier migrations make."""
