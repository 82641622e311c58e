"""Makes one whole package from a whole package and deltas."""
