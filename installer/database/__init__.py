"""The door to databases: what Airlock needs of any of them, and the table of those that it serves."""
