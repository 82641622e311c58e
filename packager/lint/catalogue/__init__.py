"""Lists the codes of findings, their levels, weights and messages."""
