"""Defines the rules: what each change means for existing rows."""
