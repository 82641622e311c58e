"""A site: the server without a network, the directory where packages arrive, and an admin who types."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from testbed.fetch import fetching
from testbed.server import Server
from tests.journeys.packages import EXAMPLE, alone_in

ENV = """\
DB_ROOT_PASSWORD=r00t$$-s3cret-0123456789
DB_PASSWORD=vault-s3cret-0123456789
DB_NAME=customer_vault
DB_USER=vault
DB_PORT=3306
PROXY_PORT=8080
"""
SECRETS = ("s3cret-0123456789",)


@dataclass(frozen=True)
class Ended:
    """A command that has ended: its exit code, and everything it told on both streams."""

    code: int
    told: str


@dataclass(frozen=True)
class Site:
    """One installation in the making; `folder` holds the release directories side by side."""

    server: Server
    folder: Path

    def unpack(self, package: Path) -> Path:
        """What `tar -xzf` leaves, as the admin types it; gives back the release directory."""
        return copy_release(_unpacked(package), self.folder)

    def type(self, directory: Path, *words: str, language: str = "en_US.UTF-8", **variables: str) -> Ended:
        """Run a command in a directory of the site, without a terminal, and wait for its end."""
        done = subprocess.run(
            self.server.command(*words),
            cwd=directory,
            env={**self.environment(), "LANG": language, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Ended(done.returncode, done.stdout)

    def start(self, directory: Path, *words: str) -> "subprocess.Popen[str]":
        """Run a command in the background, in a process group of its own."""
        return subprocess.Popen(
            self.server.command(*words),
            cwd=directory,
            env={**self.environment(), "LANG": "en_US.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def environment(self) -> Mapping[str, str]:
        """What the admin's shell has: nothing of the tests' own Python."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))
        }
        return self.server.environment(kept)

    def import_(self, release: Path, *words: str, **variables: str) -> Ended:
        """`./import-package.sh --yes …`"""
        return self.type(release, "./import-package.sh", "--yes", *words, **variables)

    def install(self, package: Path) -> Path:
        """A fresh installation that works; gives back its directory."""
        release = self.unpack(package)
        (release / ".env").write_text(ENV)
        ended = self.import_(release)
        assert ended.code == 0, ended.told
        return release

    def sql(self, statement: str, password: str = "") -> str:
        """What the running database answers, tab-separated; with the site's own password if none is given."""
        words = (
            "docker",
            "exec",
            "-e",
            "MYSQL_PWD",
            "vault-db",
            "mariadb",
            "-uroot",
            "-N",
            UTF8,
            "-e",
            statement,
        )
        given = f"MYSQL_PWD={password or ROOT_PASSWORD}"
        return self.server.output_of("env", given, *words, "customer_vault")

    def dump(self) -> str:
        """The running database in full: schema, rows, routines, triggers, events."""
        everything = (
            "--routines",
            "--triggers",
            "--events",
            "--hex-blob",
            "--skip-dump-date",
            "--order-by-primary",
        )
        words = ("docker", "exec", "-e", "MYSQL_PWD", "vault-db", "mariadb-dump", "-uroot", *everything)
        return self.server.output_of("env", f"MYSQL_PWD={ROOT_PASSWORD}", *words, "customer_vault")

    def seed(self) -> None:
        """Customers, departments and papers, put in through the application."""
        self.server.output_of(sys.executable, EXAMPLE / "seed", "http://127.0.0.1:8080")

    def version(self) -> str:
        """The version that the running application reports through its proxy."""
        answer = self.server.output_of(*fetching("http://127.0.0.1:8080/api/health"))
        return str(json.loads(answer)["version"])

    def containers(self) -> dict[str, str]:
        """Name and image of every running container."""
        lines = self.server.output_of("docker", "ps", "--format", "{{.Names}} {{.Image}}").splitlines()
        return dict(line.split() for line in lines)

    def remove(self) -> None:
        """Leave the server as a new one, but for its images."""
        for words in (
            "docker ps -aq | xargs -r docker rm -f",
            "docker network prune -f",
            "docker volume ls -q | xargs -r docker volume rm",
            "docker images -q | sort -u | xargs -r docker rmi -f",
        ):
            self.server.output_of("sh", "-c", words)


def copy_release(unpacked: Path, folder: Path) -> Path:
    """A copy in `folder` of an unpacked package, as if it had just been unpacked there."""
    return Path(shutil.copytree(unpacked, folder / unpacked.name, copy_function=_link_if_large))


def _link_if_large(source: str, target: str) -> None:
    is_near = Path(source).stat().st_dev == Path(target).parent.stat().st_dev
    if is_near and Path(source).name == "images.tar":
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def _unpacked(package: Path) -> Path:
    """Unpacked beside the package, once for all sites."""
    folder = package.with_name(f"{package.name} unpacked")
    with alone_in(package.parent):
        if not folder.exists():
            folder.mkdir()
            subprocess.run(("tar", "-xzf", package), cwd=folder, check=True)
    return folder / package.name.removesuffix(".tar.gz")


UTF8 = "--default-character-set=utf8mb4"
ROOT_PASSWORD = "r00t$-s3cret-0123456789"


def digests_of(folder: Path) -> dict[str, str]:
    """Every file below a folder with the digest of its content."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
