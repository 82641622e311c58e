"""The codes of findings, their weight and their words."""
