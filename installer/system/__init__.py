"""One small door per neighbour: programs, files, Docker, Compose, packages, clock, memory."""
