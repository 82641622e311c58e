"""Opens packages and decompresses them as streams."""
