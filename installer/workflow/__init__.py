"""Makes changes safe: steps with their undo, the journal, the lock."""
