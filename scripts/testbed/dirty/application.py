"""Changes the example application to that of a vendor with other habits, to export its releases."""

import shutil
import subprocess
from pathlib import Path

COMPOSE = Path(__file__).with_name("docker-compose.yml")
BACKEND_ENV = "VAULT_GREETING=어서 오세요\n"
ENV_EXAMPLE = """\
DB_PASSWORD=
DB_NAME=customer_vault
DB_USER=vault
DB_PORT=3306
PROXY_PORT=8080
"""


def make_dirty(tree: Path, version: str) -> None:
    """Changes a checkout of the example in place, and commits it under its old tag."""
    shutil.copy(COMPOSE, tree / "docker-compose.yml")
    (tree / "backend.env").write_text(BACKEND_ENV, encoding="utf-8")
    (tree / ".env.example").write_text(ENV_EXAMPLE)
    (tree / ".gitignore").write_text("/.env\n/secrets/\n/data/\n/uploads/\n/logs/\n/backend/wheels/\n")
    git = ("git", "-C", tree, "-c", "user.name=Vault", "-c", "user.email=vault@example.com")
    for words in (
        ("add", "--all"),
        ("commit", "--quiet", "--message", "Our own habits"),
        ("tag", "--force", f"v{version}"),
    ):
        subprocess.run((*git, *words), check=True, stdout=subprocess.DEVNULL)
