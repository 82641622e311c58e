"""The images of a package, and what this host's engine holds of them."""
