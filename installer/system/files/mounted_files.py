"""Guesses from its name whether a missing mounted path is a file."""

import re
from pathlib import PurePosixPath

ENDINGS = re.compile(
    r"(acl|cer|cfg|cnf|conf|cred|crt|css|csv|db|env|gz|html?|ini|j2|jar|jks|js|json|key|list|log|lua|md|p12|pem|pfx"
    r"|php|properties|pub|py|rules|sh|sock|sql|sqlite3?|tar|te?mpl|template|toml|tpl|txt|vcl|war|xml|ya?ml|zip)"
)
NAMES = frozenset(("Caddyfile", "Procfile", "hosts", "localtime", "passwd", "resolv.conf", "timezone"))
HIDDEN = (".env", ".htpasswd", ".htaccess", ".netrc", ".npmrc", ".pgpass")


def looks_like_file(source: str, target: str) -> bool:
    """Returns whether both ends of a mount have the name of a file: `./acme.json:/acme.json`."""
    return all(_is_file_name(PurePosixPath(path).name) for path in (source, target))


def _is_file_name(name: str) -> bool:
    ending = PurePosixPath(name).suffix.removeprefix(".").lower()
    return ENDINGS.fullmatch(ending) is not None or name in NAMES or name.startswith(HIDDEN)
