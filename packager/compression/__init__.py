"""How a package is compressed: one codec per choice of `--compression`, and the threads that work for it."""
