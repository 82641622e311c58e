"""Speaks with an image registry: the protocol of the OCI distribution specification."""
