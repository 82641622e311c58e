"""An engineer's verbs give on macOS and on Windows what they give on Linux.

Nothing here runs on these systems: `as_on.py` takes away what Python lacks there.
"""

import re
import subprocess
from pathlib import Path

import pytest

from packager.compression.output_format import OutputFormat
from tests.packager.delta_packages import release, since, write
from tests.packager.desks.desk import DESKS, airlock
from tests.packager.projects import shop
from tests.packager.saved_images import layer

OF_THE_ENGINEER = ["combine", "delta", "export", "inspect", "join", "lint", "migration", "split", "verify"]
FIRST = release("2.1.1", layer("app/1", size_bytes=3 << 20))
SECOND = release("2.1.2", layer("app/2"))
PACKAGE, DELTA = "vault_2.1.1_package.tar", "vault_2.1.2_package_since_2.1.1.tar"
PLAIN = OutputFormat("none")
NOWHERE = {  # not a pipe of Windows: the `docker` command of this machine crashes at its name
    "windows": ("tcp://127.0.0.1:9", "Connection refused"),
    "macos": ("unix:///nowhere/docker.sock", "No such file or directory"),
}
EVERY_DESK = pytest.mark.parametrize("desk", DESKS)


def listed(page: str) -> list[str]:
    """The verbs on a page of help."""
    return re.findall(r"^  ([a-z]+) ", page[page.index("Commands:") :], re.MULTILINE)


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """The folder of a package and a delta."""
    folder = tmp_path / "packages"
    folder.mkdir()
    whole = write(folder, "2.1.1", FIRST, output_format=PLAIN)
    write(folder, "2.1.2", SECOND, since(whole, SECOND), output_format=PLAIN)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@EVERY_DESK
def test_the_help_lists_what_runs_there(tmp_path: Path, desk: str) -> None:
    done = airlock(desk, tmp_path, "--help")
    assert (done.returncode, listed(done.stdout)) == (0, OF_THE_ENGINEER), done.stderr


@EVERY_DESK
@pytest.mark.parametrize("verb", ["import", "backups"])
def test_a_verb_of_a_site_says_that_it_runs_on_its_server(tmp_path: Path, desk: str, verb: str) -> None:
    done = airlock(desk, tmp_path, verb, "--yes", "x")
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (
        3,
        "",
        [
            f"Error: `airlock {verb}` runs only on the Linux server of a site.",
            "  This machine can export, verify and inspect packages.",
            f"→ Copy the package to the server, unpack it, and run there: ./airlock {verb}",
        ],
    )


@EVERY_DESK
@pytest.mark.parametrize(
    ("exit_code", "words"),
    [
        (0, f"verify {PACKAGE}"),
        (0, f"inspect --json {DELTA}"),
        (0, f"split {PACKAGE} --size 1MB --output parts"),
        (0, f"combine {PACKAGE} {DELTA} --output combined"),
        (4, "verify damaged.tar"),
        (2, "verify not-there.tar"),
        (2, f"split {PACKAGE} --size 1MB --output ."),
    ],
)
def test_packages_are_read_and_written_as_here(packages: Path, desk: str, exit_code: int, words: str) -> None:
    (packages / "damaged.tar").write_bytes((packages / PACKAGE).read_bytes()[:-9000])
    here = airlock(None, packages, *words.split())
    written = contents(packages)
    for name in ("parts", "combined"):
        subprocess.run(("rm", "-rf", packages / name), check=True)
    there = airlock(desk, packages, *words.split())
    assert (there.returncode, there.stdout, there.stderr) == (exit_code, here.stdout, here.stderr)
    assert contents(packages) == written


@EVERY_DESK
def test_parts_make_the_same_file_again(packages: Path, desk: str) -> None:
    assert airlock(desk, packages, "split", PACKAGE, "--size", "1MB", "--output", "parts").returncode == 0
    done = airlock(desk, packages, "join", f"parts/{PACKAGE}.001", "--output", "joined")
    assert (done.returncode, done.stdout) == (0, f"joined/{PACKAGE}\n"), done.stderr
    assert (packages / "joined" / PACKAGE).read_bytes() == (packages / PACKAGE).read_bytes()


@EVERY_DESK
def test_migrations_are_judged_as_here(tmp_path: Path, desk: str) -> None:
    drop = {"prisma/migrations/20260102000000_drop/migration.sql": "DROP TABLE users;\n"}
    project = shop(tmp_path, **drop)
    here, there = airlock(None, project, "lint"), airlock(desk, project, "lint")
    assert (there.returncode, there.stdout, there.stderr) == (3, here.stdout, here.stderr)


@EVERY_DESK
def test_a_migration_is_made(tmp_path: Path, desk: str) -> None:
    project = shop(tmp_path)
    done = airlock(desk, project, "migration", "new", "Add team")
    script = done.stdout.strip()
    assert re.fullmatch(r"prisma/migrations/\d{14}_add_team/migration\.sql", script), done.stderr
    assert (project / script).read_bytes() == b"-- This is an empty migration.\n"


@EVERY_DESK
def test_the_plan_of_an_export_is_the_same(tmp_path: Path, desk: str) -> None:
    project = shop(tmp_path)
    here = airlock(None, project, "export", "2.1.2", "--dry-run")
    there = airlock(desk, project, "export", "2.1.2", "--dry-run")
    assert (there.returncode, there.stdout, there.stderr) == (0, here.stdout, here.stderr)


@EVERY_DESK
def test_without_an_engine_an_export_names_docker_desktop(tmp_path: Path, desk: str) -> None:
    address, reason = NOWHERE[desk]
    done = airlock(desk, shop(tmp_path), "export", "2.1.2", given={"DOCKER_HOST": address})
    assert (done.returncode, done.stderr.splitlines()[-3:]) == (
        3,
        [
            "Error: The Docker engine is not running.",
            f"  No response from {address}: {reason}",
            "→ Start Docker Desktop, then run the command again.",
        ],
    )


def test_a_unix_socket_is_no_address_on_windows(tmp_path: Path) -> None:
    given = {"DOCKER_HOST": "unix:///var/run/docker.sock"}
    done = airlock("windows", shop(tmp_path), "export", "2.1.2", given=given)
    assert (done.returncode, done.stderr.splitlines()[-2]) == (
        3,
        "  It comes from DOCKER_HOST: Python on Windows connects to no Unix socket",
    ), done.stderr
