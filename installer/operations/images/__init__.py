"""Loads the images of a package, and finds those that this host's engine already holds."""
