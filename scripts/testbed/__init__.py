"""A private test bed: Docker engines, base images and offline servers, made from Debian packages.

For the project's own tests and demo, never part of the product. It needs nothing but Python's standard
library, root and a Debian mirror, changes nothing outside its cache folder, and reaches no image registry.
"""
