"""Builds a site as dirty as real ones: an application without health checks, installed and edited by hand."""
