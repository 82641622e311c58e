"""What a site changed in its old release directory: found, shown in the plan, and taken over on request."""
