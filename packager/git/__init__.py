"""What Git knows of a project: commit, tag, tracked files."""
