"""Makes one whole package out of a whole one and deltas."""
