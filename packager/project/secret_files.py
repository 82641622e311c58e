"""Which files hold secrets, by their names and by what private keys look like. They are never packed."""

from pathlib import Path

from installer.bundle.secret_names import is_secret_name

PRIVATE_KEY = b"PRIVATE KEY-----"
LOOKED_AT_BYTES = 1 << 16


def is_secret(path: Path) -> bool:
    """Whether a file is a `.env` or the like, a key, or begins with a private key."""
    return is_secret_name(path) or _holds_private_key(path)


def _holds_private_key(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return PRIVATE_KEY in file.read(LOOKED_AT_BYTES)
