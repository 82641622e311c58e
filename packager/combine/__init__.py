"""Makes packages from finished packages: a whole one from deltas, a delta from two whole ones."""
