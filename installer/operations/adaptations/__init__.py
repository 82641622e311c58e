"""Finds, compares and, on request, takes over what a site changed in its release directory."""
