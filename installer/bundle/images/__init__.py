"""images.tar: its layout, its layers, and what an engine is given of it."""
