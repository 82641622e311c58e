"""The half of Airlock that travels: it ships alone inside every package as installer.pyz."""

VERSION = "0.1.0"
