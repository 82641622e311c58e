"""Stores documents of customers: the files in uploads/, their metadata in the database."""

import hashlib
from pathlib import Path

from vault.database import change, rows

UPLOADS = Path("uploads")


def every():
    return rows("SELECT `id`, `email`, `file_name`, `size_bytes`, `sha256` FROM `document_list` ORDER BY `id`")


def add(email, name, content):
    """Stores a file for a user; returns its ID and digest."""
    [user] = rows("SELECT `id` FROM `users` WHERE `email` = %s", email)
    digest = hashlib.sha256(content).hexdigest()
    (UPLOADS / digest).write_bytes(content)
    document_id = change(
        "INSERT INTO `documents` (`user_id`, `file_name`, `size_bytes`, `sha256`, `head`) VALUES (%s, %s, %s, %s, %s)",
        *(user["id"], name, len(content), bytes.fromhex(digest), content[:32]),
    )
    return {"id": document_id, "sha256": digest}


def content(document_id):
    [found] = rows("SELECT LOWER(HEX(`sha256`)) AS digest FROM `documents` WHERE `id` = %s", int(document_id))
    return (UPLOADS / found["digest"]).read_bytes()
