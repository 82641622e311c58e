"""Provides a private test bed: Docker engines, base images and offline servers, made from Debian packages.

It is for the project's tests and demo, never part of the product. It requires only Python's standard library,
root and a Debian mirror, changes nothing outside its cache folder, and uses no image registry.
"""
