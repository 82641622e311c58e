"""How a change is made safe: steps and their undo, the journal, the lock."""
