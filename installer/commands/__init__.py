"""The command line of a site: verbs, their options, their help, and how an error becomes an exit code."""
