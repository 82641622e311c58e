"""Records of backups and migrations, and what differs from them."""
