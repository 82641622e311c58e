"""Gets images out of the engine, as one images.tar."""
