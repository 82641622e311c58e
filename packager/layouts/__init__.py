"""Reads images from an OCI image layout, and verifies them."""
