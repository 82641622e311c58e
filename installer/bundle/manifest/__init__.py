"""Describes a package: manifest.json, the inventory of a site, versions."""
