"""Starts the services of a renamed release directory from its new place."""
