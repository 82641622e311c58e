"""Losses: values that change and rows that vanish without an error. Their table of contents is `find`."""
