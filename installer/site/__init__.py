"""What is on this machine: paths, .env, the record of what was installed."""
