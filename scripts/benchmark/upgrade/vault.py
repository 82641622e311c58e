"""Makes the site of the benchmark: Customer Vault with as much data and as many files as are asked for."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmark.upgrade.poller import HOST, PORT
from benchmark.upgrade.sources import EXAMPLE, NEW, OLD, source_of
from testbed.command import output_of
from testbed.problem import TestbedProblem

DATABASE, TABLES, ROW_BYTES = "customer_vault", 4, 1000
CHANGED = 0.02
SETTINGS = {"DB_ROOT_PASSWORD": "r00t-of-the-bench", "DB_PASSWORD": "pw-of-the-bench"}
CLIENT = 'MYSQL_PWD="$MARIADB_ROOT_PASSWORD" mariadb -uroot "$MARIADB_DATABASE"'


@dataclass(frozen=True)
class Size:
    """How much the site holds: bytes of rows, and files in as many bytes."""

    rows_bytes: int
    files: int
    files_bytes: int


@dataclass(frozen=True)
class Packages:
    """The packages of both versions."""

    folder: Path

    def make(self) -> None:
        for version in (OLD, NEW):
            source = shutil.copytree(source_of(version), self.folder / version, symlinks=True)
            words = (sys.executable, "-m", "packager", "export", version, "--project", source)
            output_of(*words, "--output", self.folder)

    def unpack(self, version: str, place: Path) -> Path:
        """Returns the release directory in `place`."""
        stem = f"customer_vault_{version}_package"
        output_of("tar", "-xzf", self.folder / f"{stem}.tar.gz", "-C", place)
        return place / stem


@dataclass(frozen=True)
class Site:
    """The old release in operation in `old`, and the new one unpacked in `new`."""

    old: Path
    new: Path

    def sh(self, line: str, *, within: Path | None = None) -> str:
        """Runs a line of the shell in a release directory; raises `TestbedProblem` if it fails."""
        done = subprocess.run(
            ("sh", "-ec", line), cwd=within or self.new, env=environment(), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise TestbedProblem(f"`{line}` ended with {done.returncode}.", done.stdout[-2000:] + done.stderr)
        return done.stdout

    def sql(self, statement: str) -> str:
        return self.sh(
            f"docker exec -i vault-db sh -c '{CLIENT} -N' <<'END'\n{statement}\nEND\n", within=self.old
        )

    def fill(self, size: Size) -> None:
        """Adds rows of text that compresses a little, in several tables, and files."""
        rows = size.rows_bytes // ROW_BYTES // TABLES
        for number in range(1, TABLES + 1):
            self.sql(
                f"CREATE TABLE archive_{number} (id INT PRIMARY KEY, content VARCHAR(2000));"
                f"INSERT INTO archive_{number} SELECT seq, CONCAT({_text(ROW_BYTES)}) FROM seq_1_to_{rows};"
            )
        folder = self.old / "uploads" / "archive"
        folder.mkdir(parents=True)
        content = os.urandom(size.files_bytes // max(1, size.files))
        for number in range(size.files):
            place = folder / f"{number % 100:02}"
            place.mkdir(exist_ok=True)
            (place / f"{number:06}.bin").write_bytes(content)
        os.sync()

    def change(self) -> None:
        """Changes as many rows of the first table as are two of a hundred of all."""
        rows = int(self.sql("SELECT COUNT(*) FROM archive_1"))
        part = int(rows * TABLES * CHANGED)
        self.sql(f"UPDATE archive_1 SET content = CONCAT({_text(ROW_BYTES)}) WHERE id <= {part}")

    def journal(self) -> list[tuple[float, str]]:
        """Returns time and words of each event of the last import."""
        runs = sorted((self.new / ".airlock/runs").glob("*-import/journal.jsonl"))
        lines = [json.loads(line) for line in runs[-1].read_text().splitlines()] if runs else []
        return [(_seconds(line["at"]), f"{line['what']} {line['name']}") for line in lines]

    def estimated_seconds(self) -> float:
        """Returns the outage that the plan of the last import named."""
        plan = sorted((self.new / ".airlock/runs").glob("*-import/plan.json"))[-1]
        return sum(seconds or 0.0 for seconds in json.loads(plan.read_text())["outage"].values())

    def pending(self) -> Sequence[Path]:
        """Returns the scripts of the migrations that the new release brings, in order."""
        known = {path.parent.name for path in self.old.rglob("migration.sql")}
        scripts = (path for path in self.new.rglob("migration.sql") if path.parent.name not in known)
        return sorted(scripts, key=lambda path: path.parent.name)


def installed(packages: Packages, place: Path, size: Size) -> Site:
    """Returns a site with the old release in operation, filled, and the new one unpacked beside it."""
    old, new = packages.unpack(OLD, place), packages.unpack(NEW, place)
    site = Site(old, new)
    lines = (old / ".env.example").read_text().splitlines()
    given = [f"{line}{SETTINGS[line[:-1]]}" if line[:-1] in SETTINGS else line for line in lines]
    (old / ".env").write_text("".join(f"{line}\n" for line in given))
    site.sh("./import-package.sh --yes", within=old)
    site.sh(f"{sys.executable} {EXAMPLE / 'seed'} http://{HOST}:{PORT}", within=old)
    site.fill(size)
    return site


def environment() -> dict[str, str]:
    """Returns what the admin's shell has: nothing of this program's own Python."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))}


def wait_until(site: Site, event: str, run: "subprocess.Popen[str]") -> None:
    """Waits until the journal of an import has an event, or the import ends."""
    while run.poll() is None and event not in [words for _at, words in site.journal()]:
        time.sleep(0.02)


def _text(size_bytes: int) -> str:
    return ", ".join(["SHA2(RAND(), 256)"] * (size_bytes // 64))


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
