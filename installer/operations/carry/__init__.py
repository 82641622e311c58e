"""Carries the files of a site to the new release directory, and back."""
