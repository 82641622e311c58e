"""Recognises the engine: where it is, which versions of its API it speaks, how it was installed."""
