"""What a package is. Pure: standard library only; FORMAT.md is the specification."""
