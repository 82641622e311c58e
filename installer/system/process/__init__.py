"""Other programs and signals."""
