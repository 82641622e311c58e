"""Which files hold secrets, by their names: no package has them, the site brings them."""

from pathlib import PurePath

EXAMPLES = (".example", ".sample", ".template", ".dist")
KEYS = (".key", ".p12", ".pfx", ".jks")


def is_secret_name(path: PurePath) -> bool:
    """Whether a file of this name is a `.env` or the like, or a key."""
    return is_env_file(path.name) or path.suffix in KEYS


def is_env_file(name: str) -> bool:
    """`.env`, `.env.production`, `app.env`; not `.env.example`."""
    if name.endswith(EXAMPLES):
        return False
    return name == ".env" or name.startswith(".env.") or name.endswith(".env")
