"""One small door per neighbour: process, files, Docker, Compose, MariaDB, clock."""
