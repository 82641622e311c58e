"""Implements `scripts/bench images`: compares export and import of images by Airlock and by hand."""
