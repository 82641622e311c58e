"""The command line of a site: verbs, options, help, and how an error becomes an exit code."""
