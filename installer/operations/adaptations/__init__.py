"""What a site changed in its release directory: found, compared, and taken over on request."""
