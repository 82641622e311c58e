"""Opens, verifies, shows and unpacks packages."""
