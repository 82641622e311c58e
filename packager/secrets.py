"""Which files hold secrets, by their names and by what private keys look like. They are never packed."""

from pathlib import Path

EXAMPLES = (".example", ".sample", ".template", ".dist")
KEYS = (".key", ".p12", ".pfx", ".jks")
PRIVATE_KEY = b"PRIVATE KEY-----"
LOOKED_AT_BYTES = 1 << 16


def is_secret(path: Path) -> bool:
    """Whether a file is a `.env` or the like, a key, or begins with a private key."""
    return is_env_file(path.name) or path.suffix in KEYS or _holds_private_key(path)


def is_env_file(name: str) -> bool:
    """`.env`, `.env.production`, `app.env`; not `.env.example`."""
    if name.endswith(EXAMPLES):
        return False
    return name == ".env" or name.startswith(".env.") or name.endswith(".env")


def _holds_private_key(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return PRIVATE_KEY in file.read(LOOKED_AT_BYTES)
