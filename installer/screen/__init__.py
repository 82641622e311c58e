"""Everything a person sees while a verb runs: lines, tables, progress, waiting, and the log file."""
