"""Applies the first release's migrations with the database's own client, as a vendor's guide says."""

import hashlib
import uuid
from pathlib import Path

from testbed.server import Server

HISTORY = """\
CREATE TABLE _prisma_migrations (
  id VARCHAR(36) NOT NULL PRIMARY KEY, checksum VARCHAR(64) NOT NULL, finished_at DATETIME(3),
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at DATETIME(3),
  started_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  applied_steps_count INTEGER UNSIGNED NOT NULL DEFAULT 0
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
"""


def migrate_by_hand(server: Server, folder: Path) -> None:
    """Runs every migration in order and writes the rows that Prisma would have written."""
    scripts = sorted(folder.glob("*/migration.sql"))
    parts = (HISTORY, *(part for script in scripts for part in (_whole(script), _row(script))))
    server.input_to("\n".join(parts), *CLIENT)


CLIENT = ("docker", "exec", "--interactive", "vault-db", "sh", "-c",
          'MYSQL_PWD="$(cat /run/secrets/root_password)" exec mariadb -uroot'
          ' --default-character-set=utf8mb4 customer_vault')  # fmt: skip


def _whole(script: Path) -> str:
    """Returns the script as one statement: routines contain semicolons, and Prisma also sends it at once."""
    return f"DELIMITER //\n{script.read_text(encoding='utf-8')}\n//\nDELIMITER ;"


def _row(script: Path) -> str:
    checksum = hashlib.sha256(script.read_bytes()).hexdigest()
    return (
        "INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)"
        f" VALUES ('{uuid.uuid4()}', '{checksum}', NOW(3), '{script.parent.name}', 1);"
    )
