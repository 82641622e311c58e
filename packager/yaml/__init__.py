"""YAML as written: read with places, edited in the text."""
