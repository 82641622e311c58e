"""Builds the images of a release, or finds them in the engine or an image layout."""
