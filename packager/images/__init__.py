"""Saves images from the engine and image layouts as one images.tar."""
