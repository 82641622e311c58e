"""The engineer's verbs, their options, and what an export shows before it begins."""
