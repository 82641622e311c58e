"""Shows everything that an operator sees: lines, tables, progress, waiting, the log file."""
