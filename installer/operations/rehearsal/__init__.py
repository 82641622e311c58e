"""The rehearsal as an operation: on its own, and as a step of an import."""
