"""Builds small projects on disk."""

from pathlib import Path

COMPOSE = """\
services:
  web:
    build: ./web
    volumes:
      - ./proxy/nginx.conf:/etc/nginx/nginx.conf:ro
      - ./uploads:/srv/uploads
      - /etc/localtime:/etc/localtime:ro
    env_file: [.env]
  db:
    image: mariadb:10.11
    environment:
      MARIADB_ROOT_PASSWORD: ${DB_ROOT_PASSWORD:?set it}
    volumes: ["./data/mariadb:/var/lib/mysql"]
"""
SCRIPT = b"CREATE TABLE `users` (`id` INTEGER NOT NULL);\n"


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files below `folder`, making folders on the way."""
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def shop(folder: Path, **more: str | bytes) -> Path:
    """A project called shop: a built service, a database, one migration. `more` replaces or adds files."""
    files: dict[str, str | bytes] = {
        "docker-compose.yml": COMPOSE,
        ".env.example": "DB_ROOT_PASSWORD=\n",
        ".env": "DB_ROOT_PASSWORD=correct-horse-battery\n",
        "proxy/nginx.conf": "events {}\n",
        "web/Dockerfile": "FROM busybox:1\nCOPY page /page\n",
        "web/page": "hello\n",
        "prisma/schema.prisma": "// schema\n",
        "prisma/migrations/migration_lock.toml": 'provider = "mysql"\n',
        "prisma/migrations/20260101000000_init/migration.sql": SCRIPT,
    }
    return write(folder / "shop", {**files, **more})
