"""What `scripts/demo` shows: two machines, the commands people type on them, and claims that are checked."""
