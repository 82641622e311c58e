"""The import: twelve steps, the border between looking and changing, and the last words."""
