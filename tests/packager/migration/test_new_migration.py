"""`airlock migration new`: by the team's Prisma on a terminal, else an empty script; and `airlock lint`."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from installer.bundle.sql.migrations import read_migrations
from packager.migration.prisma_tool import PRISMA, PrismaTool, find_prisma
from packager.project.project import find_project
from tests.packager.projects import COMPOSE, shop, write

ROOT = Path(__file__).parents[3]
INIT = "20260101000000_init"
NPX = '#!/bin/sh\n[ "$1" = --no-install ] || exit 9\nshift\nexec "./node_modules/.bin/$@"\n'
FAKE_PRISMA = """#!/bin/sh
[ "$1" = --version ] && exit
echo "prisma $*"; [ -t 0 ] || exit 1
folder="prisma/migrations/20990101000000_$5"
mkdir "$folder" && echo 'DROP TABLE `users`;' > "$folder/migration.sql"
"""
NODE = (
    "name: {project}\nservices: {{node: {{image: 'busybox:1', command: [sleep, '60'], stop_signal: KILL}}}}\n"
)
FOR_DEVELOPERS = "services: {node: {volumes: ['.:/srv/app', './npx:/usr/bin/npx:ro']}}\n"
FOLDER = "prisma/migrations"


def words(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "packager", "--lang", "en", *arguments)


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def airlock(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words(*arguments), cwd=folder, env=environment(), stdin=subprocess.DEVNULL, capture_output=True,
        text=True, check=False,
    )  # fmt: skip


def airlock_on_a_terminal(folder: Path, answer: str, *arguments: str, path: str) -> tuple[int, str, str]:
    """Exit code, result, and what the person saw, without colours on a terminal that breaks no line."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 300, 0, 0))
    with subprocess.Popen(
        words(*arguments), cwd=folder, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, text=True,
        env=environment(PATH=f"{path}:{os.environ['PATH']}", NO_COLOR="1"),
    ) as child:  # fmt: skip
        os.close(theirs)
        os.write(ours, answer.encode())
        told = b""
        while chunk := _read(ours):
            told += chunk
        assert child.stdout is not None
        result = child.stdout.read()
    os.close(ours)
    return child.returncode, result, told.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says EIO when the other side is closed
        return b""


def with_prisma(folder: Path) -> Path:
    project = shop(
        folder,
        **{"package.json": "{}", "node_modules/.bin/prisma": FAKE_PRISMA, "npx": NPX, "bin/npx": NPX},
    )
    for program in ("node_modules/.bin/prisma", "npx", "bin/npx"):
        (project / program).chmod(0o755)
    return project


def test_an_empty_migration_gets_prismas_name_and_words(tmp_path: Path) -> None:
    project = shop(tmp_path)
    done = airlock(project, "migration", "new", "Add Team")
    found = re.fullmatch(r"(prisma/migrations/(\d{14}_add_team)/migration\.sql)\n", done.stdout)
    assert done.returncode == 0 and found, done.stderr
    assert (project / found[1]).read_text() == "-- This is an empty migration.\n"
    assert (project / found[1]).stat().st_mode & 0o777 == 0o644
    assert [one.name for one in read_migrations(project / "prisma/migrations")] == [INIT, found[2]]
    assert done.stderr == (
        "    -- This is an empty migration.\n"
        "1 migration, 0 errors, 0 warnings, 0 notices\n"
        "When the SQL is right, run:\n"
        f"    git add {found[1]} prisma/schema.prisma\n"
        "    git commit -m 'Add migration add_team'\n"
    )


def test_a_migration_that_sorts_before_another_is_warned_of(tmp_path: Path) -> None:
    project = shop(tmp_path, **{"prisma/migrations/29990101000000_late/migration.sql": "SELECT 1;"})
    assert (
        "Warning: The migration runs before 29990101000000_late"
        in airlock(project, "migration", "new", "a").stderr
    )


def test_a_project_without_migrations_says_what_to_do(tmp_path: Path) -> None:
    project = write(tmp_path, {"docker-compose.yml": "services: {a: {image: busybox:1}}\n"})
    done = airlock(project, "migration", "new", "a")
    assert (done.returncode, "airlock.yml" in done.stderr) == (2, True)


def test_the_prisma_beside_the_schema_is_found(tmp_path: Path) -> None:
    project = with_prisma(tmp_path)
    assert find_prisma(find_project(project), FOLDER) == PrismaTool(PRISMA, project.resolve())


def test_without_a_package_there_is_no_prisma(tmp_path: Path) -> None:
    assert find_prisma(find_project(shop(tmp_path)), FOLDER) is None


def test_prisma_writes_the_migration_on_a_terminal_once_a_person_agrees(tmp_path: Path) -> None:
    project = with_prisma(tmp_path)
    arguments = ("migration", "new", "Drop users")
    code, result, told = airlock_on_a_terminal(project, "y\n", *arguments, path=f"{project}/bin")
    assert (code, result) == (0, "prisma/migrations/20990101000000_drop_users/migration.sql\n"), told
    assert "prisma migrate dev --create-only --name drop_users\n" in told
    assert "    DROP TABLE `users`;\n" in told
    assert "error DS102: Table users is dropped with all its rows. [destroys data]\n" in told


def test_a_person_who_does_not_agree_gets_an_empty_one(tmp_path: Path) -> None:
    project = with_prisma(tmp_path)
    code, result, told = airlock_on_a_terminal(project, "n\n", "migration", "new", "a", path=f"{project}/bin")
    assert (code, "empty migration" in (project / result.strip()).read_text()) == (0, True), told


def test_a_prisma_that_fails_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    project = with_prisma(tmp_path)
    (project / "node_modules/.bin/prisma").write_text("#!/bin/sh\nexit 4\n")
    code, result, told = airlock_on_a_terminal(project, "\n", "migration", "new", "a", path=f"{project}/bin")
    assert (code, result) == (3, "")
    command = "npx --no-install prisma migrate dev --create-only --name a"
    assert f"Error: Prisma created no migration.\n  `{command}` ended with exit code 4.\n" in told
    assert [one.name for one in read_migrations(project / "prisma/migrations")] == [INIT]


def test_without_a_terminal_prisma_is_not_asked(tmp_path: Path) -> None:
    done = airlock(with_prisma(tmp_path), "migration", "new", "a")
    assert (done.returncode, "creating an empty one" in done.stderr) == (0, True)


@pytest.mark.engine
def test_prisma_is_called_in_the_running_service_that_mounts_the_project(tmp_path: Path) -> None:
    project = with_prisma(tmp_path)
    write(
        project,
        {
            "docker-compose.yml": NODE.format(project=f"l{os.getpid()}"),
            "docker-compose.override.yml": FOR_DEVELOPERS,
            "airlock.yml": "database: {service: node}\n",
        },
    )
    (project / "node_modules/.bin/prisma").rename(project / "prisma-program")
    (project / "npx").write_text('#!/bin/sh\nshift 2\nexec sh ./prisma-program "$@"\n')
    subprocess.run(("docker", "compose", "up", "--detach"), cwd=project, check=True, capture_output=True)
    try:
        code, result, told = airlock_on_a_terminal(project, "y\n", "migration", "new", "a", path="/nowhere")
    finally:
        subprocess.run(("docker", "compose", "down"), cwd=project, check=True, capture_output=True)
    assert (code, result) == (0, "prisma/migrations/20990101000000_a/migration.sql\n"), told


def test_lint_ends_with_3_while_an_error_stands(tmp_path: Path) -> None:
    later = "prisma/migrations/20260102000000_drop/migration.sql"
    project = shop(tmp_path, **{later: "DROP TABLE users;"})
    done = airlock(project, "lint")
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout == (
        f"{later}:1: error DS102: Table users is dropped with all its rows. [destroys data]\n"
        "2 migrations, 1 error, 0 warnings, 0 notices\n"
    )
    write(project, {"prisma/migrations/airlock-lint.yml": "20260102000000_drop: {DS102 users: moved away}\n"})
    accepted = airlock(project, "lint", "--json")
    assert (accepted.returncode, json.loads(accepted.stdout)["findings"][0]["accepted"]) == (0, "moved away")


def test_lint_of_a_project_without_migrations_says_what_it_looked_for(tmp_path: Path) -> None:
    project = write(tmp_path, {"docker-compose.yml": "services: {a: {image: busybox:1}}\n"})
    done = airlock(project, "lint")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[:3] == [
        "Error: No migrations were found.",
        "  searched for: **/migrations/<name>/migration.sql",
        "  not searched: hidden folders, node_modules, vendor, dist, build, __pycache__",
    ]
    assert done.stderr.splitlines()[-1] == (
        "→ Specify the folder in airlock.yml: `migrations: prisma/migrations`"
    )


def test_lint_names_a_folder_of_another_name_that_holds_migrations(tmp_path: Path) -> None:
    write(tmp_path, {"docker-compose.yml": "services: {a: {image: busybox:1}}\n"})
    project = write(tmp_path, {"db/changes/1_a/migration.sql": "SELECT 1;"})
    told = airlock(project, "lint").stderr
    assert "found with another name: db/changes" in told
    assert told.endswith("→ Specify the folder in airlock.yml: `migrations: db/changes`\n")


def test_lint_of_a_folder_without_migrations_is_no_success(tmp_path: Path) -> None:
    compose = "services: {a: {image: mariadb:10.11}}\n"
    files = {"docker-compose.yml": compose, "airlock.yml": "migrations: db\n"}
    project = write(tmp_path, {**files, "db/readme": ""})
    done = airlock(project, "lint")
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "Error: Folder db contains no migrations.")


@pytest.mark.parametrize("lock_file", ['provider = "postgresql"\n', None])
def test_lint_judges_migrations_by_the_provider_they_were_written_for(
    tmp_path: Path, lock_file: str | None
) -> None:
    later = "prisma/migrations/20260102000000_more/migration.sql"
    project = shop(tmp_path, **{
        "docker-compose.yml": COMPOSE.replace("mariadb:10.11", "postgres:17"),
        "prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n}\n',
        f"prisma/migrations/{INIT}/migration.sql": 'CREATE TABLE "User" ("id" SERIAL, "n" INT);\n',
        later: 'SET lock_timeout = \'5s\';\nALTER TABLE "User" ALTER COLUMN "n" SET NOT NULL;\n',
        "prisma/migrations/migration_lock.toml": lock_file or "",
    })  # fmt: skip
    if lock_file is None:
        (project / "prisma/migrations/migration_lock.toml").unlink()
    done = airlock(project, "lint")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        f"{later}:2: warning MF104: n of User becomes NOT NULL; this fails if rows have NULL. [may fail]\n"
        f"{later}:2: warning PG306: All rows of User are read while reads and writes wait. Validate a CHECK "
        "(n IS NOT NULL) before to avoid it. [blocks reads and writes]\n"
        "2 migrations, 0 errors, 2 warnings, 0 notices\n"
    )
