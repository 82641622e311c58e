"""The pending migrations on a copy of the live database. Its table of contents is `rehearse`."""
