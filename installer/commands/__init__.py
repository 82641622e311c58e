"""Defines the command line of a site: commands, options, help, and exit codes of errors."""
