"""How a package is compressed: one codec per `--compression`, and the threads that work for it."""
