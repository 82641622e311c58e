"""The Docker engine: what it holds, what runs, what it can do."""
