"""Inspects and controls the Docker engine."""
