"""What a person asks for, each file a table of contents."""
