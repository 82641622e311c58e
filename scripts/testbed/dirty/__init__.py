"""A site as dirty as real ones: an application without health checks, installed by hand, then lived in."""
