"""Recognizes files with secrets, by their names and by private keys in them. Secrets are never packed."""

from pathlib import Path

from installer.bundle.secret_names import is_secret_name

PRIVATE_KEY = b"PRIVATE KEY-----"
READ_BYTES = 1 << 16


def is_secret(path: Path) -> bool:
    """Returns whether a file is named like a secret (`.env`, a key) or starts with a private key."""
    return is_secret_name(path) or _holds_private_key(path)


def _holds_private_key(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return PRIVATE_KEY in file.read(READ_BYTES)
