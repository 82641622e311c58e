"""Saves images from the engine as one images.tar."""
