"""All that a person sees while a verb runs: lines, tables, progress, waiting, the log file."""
