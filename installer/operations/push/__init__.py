"""Pushes the images of a package to the site's own registry."""
