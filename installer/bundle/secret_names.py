"""Recognises files with secrets by their names: packages never contain them; the site provides them."""

from pathlib import PurePath

EXAMPLES = (".example", ".sample", ".template", ".dist")
KEYS = (".key", ".p12", ".pfx", ".jks")


def is_secret_name(path: PurePath) -> bool:
    """Returns whether a file with this name is a `.env` or a similar file, or a key."""
    return is_env_file(path.name) or path.suffix in KEYS


def is_env_file(name: str) -> bool:
    """Returns True for `.env`, `.env.production` and `app.env`, but not for `.env.example`."""
    if name.endswith(EXAMPLES):
        return False
    return name == ".env" or name.startswith(".env.") or name.endswith(".env")
