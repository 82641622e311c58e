"""The rules: what each change means for the rows that are there."""
