"""What a release directory brings for its site: settings, secrets, compose files as written."""
