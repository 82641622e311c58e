"""Installs the application by hand, as its vendor's guide says, and simulates a year of operation."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from testbed.command import succeeds
from testbed.dirty.application import make_dirty
from testbed.dirty.migrations import migrate_by_hand
from testbed.fetch import fetching
from testbed.problem import TestbedProblem
from testbed.server import Server

CHECKOUT = Path(__file__).resolve().parents[3] / "examples/customer-vault/checkout"
FIRST = "2.1.1"
PROJECT = "kundenakte"
NETWORK = "office"
OPERATOR, MAILER = 1500, 1000  # users of the host: who owns the settings, and who may read the mail key
ROOT_PASSWORD = "r00t$-s3cret-0123456789"
SETTINGS = (
    "# 고객 데이터베이스: 2019년에 설치\n".encode("cp949")
    + b"DB_PASSWORD='vault-s3cret-$0123456789'\nDB_NAME=customer_vault\nDB_USER=vault\nDB_PORT=3306\n"
    + b"PROXY_PORT=8080\nDB_PROT=3307\n"
    + f"COMPOSE_PROJECT_NAME={PROJECT}\n".encode()
)
OVERRIDE = """\
services:
  backend:
    environment:
      VAULT_BRANCH: 서울
"""
CRASHES = 5
READY_SECONDS = 90


@dataclass(frozen=True)
class DirtyInstallation:
    """The running application: its current directory, and the file that `.env` links to."""

    server: Server
    directory: Path
    settings: Path


def build_and_install(server: Server, folder: Path) -> DirtyInstallation:
    """Checks out the first version below `folder`, builds it on the server itself, and installs it."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder.absolute() / "source"
    subprocess.run((sys.executable, CHECKOUT, FIRST, source), check=True, stdout=subprocess.DEVNULL)
    make_dirty(source, FIRST)
    (source / ".env").write_text("DB_PASSWORD=only-to-build\nPROXY_PORT=8080\n")
    compose(server, source, "build", "--quiet")
    (source / ".env").unlink()
    return install_by_hand(server, source, folder.absolute())


def install_by_hand(server: Server, source: Path, folder: Path) -> DirtyInstallation:
    """Starts the application of the checkout `source` below `folder`; its images must exist."""
    directory = folder / "customer vault"
    subprocess.run(("cp", "-a", source, directory), check=True)
    server.output_of("docker", "network", "create", NETWORK)
    settings = bring_what_the_site_provides(directory, folder)
    (directory / "docker-compose.override.yml").write_text(OVERRIDE, encoding="utf-8")
    _edit_proxy(directory / "proxy/nginx.conf")
    compose(server, directory, "up", "--detach", "--no-build", "--pull", "never")
    _wait_for(lambda: _database_answers(server), "database")
    migrate_by_hand(server, directory / "backend/prisma/migrations")
    _wait_for(lambda: application_answers(server), "application")
    return DirtyInstallation(server, directory, settings)


def bring_what_the_site_provides(directory: Path, folder: Path) -> Path:
    """Writes linked settings, an env file and secrets, each with its owner; returns the target of `.env`."""
    settings = folder / "설정" / "vault.env"
    settings.parent.mkdir(exist_ok=True)
    _write_as(settings, SETTINGS, OPERATOR, 0o640)
    (directory / ".env").symlink_to(settings)
    (directory / "secrets").mkdir(exist_ok=True)
    _write_as(directory / "secrets/root_password.txt", ROOT_PASSWORD.encode(), 0, 0o644)
    _write_as(directory / "secrets/mail_key", b"key-s3cret-0123456789\n", MAILER, 0o640)
    return settings


def live_in(installed: DirtyInstallation) -> DirtyInstallation:
    """Simulates a year: runs a job, crashes containers, and renames the directory while they run."""
    server = installed.server
    compose(server, installed.directory, "--profile", "once", "up", "--detach", "--no-deps", "cleanup")
    for name in ("vault-db", "vault-proxy"):
        for _ in range(CRASHES):
            _crash(server, name)
    _wait_for(lambda: application_answers(server), "application")
    renamed = installed.directory.rename(installed.directory.with_name("고객 금고"))
    return DirtyInstallation(server, renamed, installed.settings)


def compose(server: Server, directory: Path, *words: str) -> str:
    """Runs `docker compose` in the directory."""
    return server.output_of("docker", "compose", "--project-directory", directory, *words)


def application_answers(server: Server) -> bool:
    """Returns whether the application on the server reports its health."""
    words = server.command(*fetching("http://127.0.0.1:8080/api/health"))
    return succeeds(*words, environment=server.environment())


def _write_as(path: Path, content: bytes, owner: int, mode: int) -> None:
    path.write_bytes(content)
    os.chown(path, owner, owner)
    path.chmod(mode)


def _edit_proxy(configuration: Path) -> None:
    text = configuration.read_text(encoding="utf-8")
    configuration.write_text(text.replace("100m", "200m"), encoding="utf-8")


def _database_answers(server: Server) -> bool:
    words = ("env", f"MYSQL_PWD={ROOT_PASSWORD}", "docker", "exec", "-e", "MYSQL_PWD", "vault-db",
             "mariadb", "-uroot", "-h127.0.0.1", "-e", "SELECT 1", "customer_vault")  # fmt: skip
    return succeeds(*server.command(*words), environment=server.environment())


def _crash(server: Server, name: str) -> None:
    """Kills the program of a container, whose restart policy restarts it."""
    before = _restarts(server, name)
    pid = server.output_of("docker", "inspect", "--format", "{{.State.Pid}}", name).strip()
    server.output_of("kill", "-KILL", pid)
    _wait_for(lambda: _restarts(server, name) > before and _is_up(server, name), name)


def _restarts(server: Server, name: str) -> int:
    return int(server.output_of("docker", "inspect", "--format", "{{.RestartCount}}", name))


def _is_up(server: Server, name: str) -> bool:
    return server.output_of("docker", "inspect", "--format", "{{.State.Status}}", name).strip() == "running"


def _wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TestbedProblem(f"The {what} of the dirty site did not start.")
        time.sleep(0.2)
