"""What makes a change safe: steps with their undo, the journal, the lock."""
