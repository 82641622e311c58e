"""Whatever stands against an import is said before anything is changed, each with its own words."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Layer
from installer.workflow.journal import begin_run
from tests.faults.crafted import manifest_of, say_otherwise
from tests.faults.vault import Vault, error_of, listing, paused, small_filesystem
from tests.journeys.packages import Packages
from tests.journeys.site import ENV, ROOT_PASSWORD, Ended
from tests.testbed.person import person_of

pytestmark = [pytest.mark.engine, pytest.mark.database]

MIB = 1024**2
INIT = "prisma/migrations/20251110081500_init"
Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def release(vault: Vault, tmp_path: Path) -> Iterator[Path]:
    """2.1.2, freshly unpacked beside."""
    release = vault.release(tmp_path)
    yield release
    shutil.rmtree(release, ignore_errors=True)


@pytest.fixture
def refusal(vault: Vault, release: Path) -> Ask:
    """Import and get the exit code and the error, once it is certain that nothing was changed."""

    def ask(*words: str, **variables: str) -> tuple[int, str]:
        before = vault.picture(), vault.container_ids(), listing(release)
        ended = vault.site.import_(release, *words, **variables)
        assert (vault.picture(), vault.container_ids(), listing(release)) == before, ended.told
        return ended.code, error_of(ended)

    return ask


def found(*lines: str) -> tuple[int, str]:
    """What is said when the preflight finds one problem."""
    return 3, "".join(
        (
            "Error: The preflight found 1 problem; nothing was changed.\n",
            *(f"  {line}\n" for line in lines),
            "→ Fix it, then run the command again.\n",
        )
    )


@contextmanager
def foreign_container(vault: Vault, *words: str) -> Iterator[None]:
    vault.site.server.output_of(
        "docker", "run", "--detach", "--name", "other", *words, "nginx:1.24", "sleep", "60"
    )
    try:
        yield
    finally:
        vault.site.server.output_of("docker", "rm", "--force", "other")


# Settings


def test_a_fresh_site_without_settings(vault: Vault, release: Path, refusal: Ask) -> None:
    compose = release / "docker-compose.yml"
    compose.write_text(compose.read_text().replace("container_name: vault-", "container_name: fresh-"))
    application = replace(manifest_of(release).application, project="fresh")
    say_otherwise(release, application=application)
    assert refusal() == (
        3,
        f"Error: There is no {release}/.env, and no running installation to copy it from.\n"
        f"  Looked for: {release}/.env\n"
        f"→ Run: cp {release}/.env.example {release}/.env; fill it in, then run the command again.\n",
    )


def test_required_and_other_variables_that_are_missing_are_all_named(release: Path, refusal: Ask) -> None:
    (release / ".env").write_text("DB_USER=vault\nPROXY_PORT=8080\n")
    assert refusal() == (
        3,
        "Error: Required variables of the compose file have no value.\n"
        "  DB_PASSWORD (services.db.environment.MARIADB_PASSWORD) set it in .env\n"
        "  DB_ROOT_PASSWORD (services.db.environment.MARIADB_ROOT_PASSWORD) set it in .env\n"
        "  DB_NAME: also not set, treated as empty\n"
        "  DB_PORT: also not set, treated as empty\n"
        f"→ Set them in {release}/.env, then run the command again.\n",
    )


@pytest.mark.long
def test_a_documented_variable_that_is_missing(release: Path, refusal: Ask) -> None:
    (release / ".env").write_text(ENV.replace("PROXY_PORT=8080\n", ""))
    assert refusal() == found(
        f"Settings that the release needs are missing in {release}/.env.",
        "  PROXY_PORT",
        f"→ Add them to {release}/.env; {release}/.env.example shows the format.",
    )


def test_a_settings_file_that_is_none(release: Path, refusal: Ask) -> None:
    (release / ".env").write_text("the password is\n s3cret\n")
    assert refusal() == (
        3,
        f"Error: Compose cannot read the settings file {release}/.env.\n"
        "  line 1\n"
        "→ Each line must be NAME=value. Fix the file, then run the command again.\n",
    )


@pytest.mark.parametrize(
    ("edit", "refused", "variable"),
    [
        (
            ("r00t$$-s3cret", "wrong"),
            "The database does not accept the password of user `root`.",
            "ROOT_PASSWORD",
        ),
        (("vault-s3cret", "wrong"), "The database does not accept the password of user `vault`.", "PASSWORD"),
        (("=customer_vault", "=other"), "There is no database `other` for user `root`.", "DATABASE"),
        (
            ("=customer_vault", "=mysql"),
            "The data is in the database customer_vault, not in mysql.",
            "DATABASE",
        ),
    ],
)
def test_credentials_that_the_running_database_does_not_accept(
    release: Path, refusal: Ask, edit: tuple[str, str], refused: str, variable: str
) -> None:
    (release / ".env").write_text(ENV.replace(*edit))
    assert refusal() == found(
        f"The running database does not accept the credentials in {release}/.env.",
        f"  {refused}",
        f"  Changed since the database was started: MARIADB_{variable}",
        "→ The existing database keeps the old values. Change them there, too,"
        f" or undo the edit in {release}/.env.",
    )


@pytest.mark.long
def test_a_password_edited_in_the_old_directory_with_which_there_would_be_no_way_back(
    vault: Vault, release: Path, refusal: Ask
) -> None:
    (release / ".env").write_text(ENV)
    env = vault.old / ".env"
    before = env.stat()
    env.write_text(ENV.replace("r00t$$", "wrong"))
    try:
        answer = refusal()
    finally:
        env.write_text(ENV)
        os.utime(env, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert answer == found(
        f"The running database does not accept the credentials in {env}.",
        "  The database does not accept the password of user `root`.",
        "  Changed since the database was started: MARIADB_ROOT_PASSWORD",
        f"→ The existing database keeps the old values. Change them there, too, or undo the edit in {env}.",
    )


@pytest.mark.long
def test_a_password_changed_in_the_database_only(vault: Vault, release: Path) -> None:
    before = vault.picture()
    change = "ALTER USER root@'%' IDENTIFIED BY '{0}', root@localhost IDENTIFIED BY '{0}'"  # both ways in
    vault.site.sql(change.format("changed"))
    try:
        ended = vault.site.import_(release)
    finally:
        vault.site.sql(change.format(ROOT_PASSWORD), password="changed")
    assert vault.picture() == before
    assert (ended.code, re.sub(r"'\d+\.\d+\.\d+\.\d+'", "'ADDRESS'", error_of(ended))) == found(
        "The database does not accept the password of user `root`.",
        "  Access denied for user 'root'@'ADDRESS' (using password: YES)",
        f"→ Compare the database password in {vault.old}/.env with the one the database was created with.",
    )


# Ports and names


def test_a_database_that_is_paused(vault: Vault, release: Path) -> None:
    before = vault.picture()
    with paused(vault.site.server, "vault-db"):
        ended = vault.site.import_(release)
    assert (ended.code, error_of(ended)) == found(
        "The database's container vault-db is paused, so it cannot be backed up.",
        "→ Resume it: docker unpause vault-db",
    )
    assert vault.picture() == before


def test_a_port_that_a_program_holds(vault: Vault, release: Path, refusal: Ask) -> None:
    (release / ".env").write_text(ENV.replace("8080", "18099"))
    words = vault.site.server.command(sys.executable, "-u", "-m", "http.server", "18099")
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as program:
        assert program.stdout and program.stdout.readline().startswith(b"Serving")
        try:
            answer = refusal()
        finally:
            program.kill()
    assert answer == found(
        "Port 18099/tcp is taken by another program of this machine.",
        f"  The program is python (process {program.pid}).",
        f"  PROXY_PORT in {release}/.env sets it.",
        "→ Stop it. To find it, run: sudo ss -tulpn 'sport = :18099', or set another PROXY_PORT",
    )


@pytest.mark.long
def test_a_port_that_a_foreign_container_holds(vault: Vault, release: Path, refusal: Ask) -> None:
    (release / ".env").write_text(ENV.replace("8080", "18099"))
    with foreign_container(vault, "--publish", "18099:80"):
        answer = refusal()
    assert answer == found(
        "Port 18099/tcp is taken by the container other.",
        "  It was created by hand, not by Compose.",
        f"  PROXY_PORT in {release}/.env sets it.",
        "→ Stop it: docker stop other, or set another PROXY_PORT",
    )


@pytest.mark.long
def test_a_container_name_that_a_foreign_container_bears(vault: Vault, release: Path, refusal: Ask) -> None:
    compose = release / "docker-compose.yml"
    compose.write_text(compose.read_text().replace("container_name: vault-proxy", "container_name: other"))
    say_otherwise(release)
    with foreign_container(vault):
        answer = refusal()
    assert answer == found(
        "The container name other is taken by another container.",
        "  It was created by hand, not by Compose.",
        "→ If it is not needed: docker stop other && docker rm other",
    )


# Versions and machines


def test_a_downgrade(release: Path, refusal: Ask) -> None:
    say_otherwise(release, application=replace(manifest_of(release).application, version="2.1.0"))
    assert refusal() == found(
        "This would be a downgrade from 2.1.1 to 2.1.0.",
        "→ To roll back to the old release, run in the running release's directory: ./airlock rollback",
    )


@pytest.mark.long
def test_a_version_between_that_was_left_out(release: Path, refusal: Ask) -> None:
    say_otherwise(release, upgrade_from=">=2.1.2,<2.2")
    assert refusal() == found(
        "2.1.2 does not follow 2.1.1.",
        "  It can be installed over: >=2.1.2,<2.2",
        "→ Import a version between the two first.",
    )


@pytest.mark.long
def test_another_architecture(release: Path, refusal: Ask) -> None:
    images = tuple(replace(image, platform="linux/arm64") for image in manifest_of(release).images)
    say_otherwise(release, platform="linux/arm64", images=images)
    code, error = refusal()
    machine = re.search(r"this machine: (\S+)", error)
    assert machine is not None
    assert (code, error) == found(
        "The package is for another architecture.",
        f"  The package: linux/arm64; this machine: {machine[1]}",
        f"→ Ask the vendor for a package that was exported with: --platform {machine[1]}",
    )


@pytest.mark.long
def test_an_engine_that_is_too_old(release: Path, refusal: Ask) -> None:
    say_otherwise(release, requirements=replace(manifest_of(release).requirements, engine="99.0"))
    code, error = refusal()
    version = re.search(r"Docker (\S+) is", error)
    assert version is not None
    assert (code, error) == found(
        f"Docker {version[1]} is too old for this package.",
        "  The package requires 99.0 or newer.",
        "→ Update Docker on this machine.",
    )


# Docker itself


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("unix:///nowhere/docker.sock", "No such file or directory"),
        ("tcp://127.0.0.1:1", "Connection refused"),
    ],
)
def test_no_engine(refusal: Ask, address: str, reason: str) -> None:
    assert refusal(DOCKER_HOST=address) == (
        3,
        "Error: The Docker engine is not running.\n"
        f"  No response from {address}: {reason}\n"
        "→ Start it: sudo systemctl start docker\n",
    )


@pytest.mark.long
def test_no_docker_command(refusal: Ask) -> None:
    with tempfile.TemporaryDirectory() as programs:
        for name in ("sh", "dirname", "python3", "nsenter"):
            Path(programs, name).symlink_to(shutil.which(name) or name)
        assert refusal(PATH=programs) == (
            3,
            "Error: The program `docker` was not found.\n→ Install it, then run the command again.\n",
        )


@pytest.mark.long
def test_no_compose(refusal: Ask, tmp_path: Path) -> None:
    assert refusal(DOCKER_CONFIG=str(tmp_path / "nothing")) == (
        3,
        "Error: Docker Compose v2 is not installed on this machine.\n"
        "  unknown flag: --ansi\n"
        "→ Install the package docker-compose-plugin or docker-compose-v2, then: docker compose version\n",
    )


def test_a_user_who_may_not_write_or_not_use_docker(vault: Vault) -> None:
    anybody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    before = vault.picture()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        release = vault.release(Path(folder))
        unwritable = vault.site.type(release, *anybody, "./import-package.sh", "--yes")
        subprocess.run(("chown", "--recursive", "65534:65534", folder), check=True)
        powerless = vault.site.type(release, *anybody, "./import-package.sh", "--yes")
    assert (unwritable.code, error_of(unwritable)) == (
        3,
        f"Error: The log {release}/.airlock/airlock.log cannot be written: Permission denied.\n"
        "→ Run the command with sudo, or in a folder that you may write to.\n",
    )
    assert (powerless.code, error_of(powerless)) == (
        3,
        "Error: You do not have permission to use the Docker engine.\n"
        f"  Permission denied at unix://{vault.site.server.folder}/docker.sock.\n"
        "→ Run the command with sudo, or as a member of the group `docker`.\n",
    )
    assert vault.picture() == before


def test_an_old_release_in_a_folder_that_is_closed_to_this_user(vault: Vault) -> None:
    before = vault.picture()
    with person_of(vault.site.server) as person:
        release = vault.release(person.site.folder)
        person.owns(release)
        ended = person.types(release, "./import-package.sh", "--yes")
    assert (ended.code, error_of(ended)) == (
        3,
        f"Error: {vault.old}/docker-compose.yml: Permission denied.\n"
        "→ Run the command with sudo, or as the owner of that file or folder.\n",
    )
    assert vault.picture() == before


# Migrations


def test_a_migration_that_was_edited(release: Path, refusal: Ask) -> None:
    with (release / INIT / "migration.sql").open("a") as script:
        script.write("-- and one more thing\n")
    say_otherwise(release)
    assert refusal() == found(
        "Some migrations were edited after they were applied to this database.",
        "  20251110081500_init",
        "→ Ask the vendor for a package with the original files; changes belong in a new migration.",
    )


@pytest.mark.long
def test_a_migration_that_is_missing(release: Path, refusal: Ask) -> None:
    shutil.rmtree(release / INIT)
    say_otherwise(release)
    assert refusal() == found(
        "Some migrations of this database are missing in the release.",
        "  20251110081500_init",
        "→ Ask the vendor for a release that contains them. See: ./airlock migrate status",
    )


def test_a_migration_that_failed_before_is_settled_with_the_command_that_the_message_names(
    vault: Vault, release: Path, refusal: Ask
) -> None:
    name = "20260105070245_add_user_department"
    vault.site.sql(
        "INSERT INTO _prisma_migrations (id, checksum, migration_name, logs, started_at) VALUES"
        f" (UUID(), REPEAT('0', 64), '{name}', 'Database error code: 1060', '2026-01-06 10:00:00')"
    )
    try:
        answer = refusal()
        words = ("./airlock", "migrate", "resolve", "--rolled-back", name)
        resolved = vault.site.type(release, *words)
        after = vault.site.sql(
            f"SELECT rolled_back_at > started_at FROM _prisma_migrations WHERE migration_name = '{name}'"
        )
    finally:
        vault.site.sql(f"DELETE FROM _prisma_migrations WHERE migration_name = '{name}'")
    assert answer == found(
        "New migrations are blocked because an earlier one failed (Prisma P3009).",
        f"  The `{name}` migration started at 2026-01-06 10:00:00.000 UTC failed",
        "    Database error code: 1060",
        "→ Repair the database by hand, then run: ./airlock migrate resolve --applied NAME"
        " (or --rolled-back NAME)",
    )
    assert (resolved.code, after) == (0, "1\n"), resolved.told


# Backup


def test_a_table_that_no_backup_can_keep_is_refused_before_anything_is_stopped(
    vault: Vault, refusal: Ask
) -> None:
    vault.site.sql(
        "CREATE TABLE ledger (cents INT, since BIGINT UNSIGNED GENERATED ALWAYS AS ROW START,"
        " until BIGINT UNSIGNED GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (since, until))"
        " WITH SYSTEM VERSIONING"
    )
    try:
        answer = refusal()
    finally:
        vault.site.sql("DROP TABLE ledger")
    assert answer == found(
        "The dump program cannot dump the history of tables that is versioned by transaction.",
        "  ledger",
        "→ Change these tables to history by time (ROW START TIMESTAMP(6)), then run the command again.",
    )


# Disk


@pytest.mark.long
def test_a_disk_too_small_for_the_images(release: Path, refusal: Ask) -> None:
    """The manifest promises what the engine would need; nothing is read of the images before."""
    first, *others = manifest_of(release).images
    large = replace(first, id=f"sha256:{'0' * 64}", layers=(Layer(f"sha256:{'1' * 64}", 1 << 50),))
    say_otherwise(release, images=(large, *others))
    code, error = refusal()
    assert (code, without_sizes(error)) == found(
        "The disk of PLACE is too small: SIZE needed, SIZE free",
        "  images: SIZE",
        "  copy of PLACE: SIZE",
        "  copy of PLACE: SIZE",
        "  copy of PLACE: SIZE",
        "  backup of the database: SIZE",
        "  largest table, rebuilt by a migration: SIZE",
        "  reserve: SIZE",
        "→ Make room there, or carry the data over without a copy: --state move",
    )


def test_a_disk_too_small_for_the_copy(vault: Vault, tmp_path: Path) -> None:
    before = vault.picture()
    with small_filesystem(tmp_path / "small", 400 * MIB) as small:
        shutil.copytree(vault.package, small / "release")
        ended = vault.site.import_(small / "release")
    assert (ended.code, without_sizes(error_of(ended))) == found(
        "The disk of PLACE is too small: SIZE needed, SIZE free",
        "  copy of PLACE: SIZE",
        "  copy of PLACE: SIZE",
        "  copy of PLACE: SIZE",
        "  backup of the database: SIZE",
        "  largest table, rebuilt by a migration: SIZE",
        "  reserve: SIZE",
        "→ Make room there, or carry the data over without a copy: --state move",
    )
    assert vault.picture() == before


@pytest.mark.long
def test_a_disk_too_small_for_the_backup(release: Path, refusal: Ask) -> None:
    with small_filesystem(release / "backups", 100 * MIB):
        code, error = refusal()
    assert (code, without_sizes(error)) == found(
        "The disk of PLACE is too small: SIZE needed, SIZE free",
        "  backup of the database: SIZE",
        "  reserve: SIZE",
        "→ Make room there; see how much there is: df -h",
    )


def without_sizes(error: str) -> str:
    return re.sub(
        r"(?<= of )/\S+?(?=:? )|(?<= of )/\S+(?=:)", "PLACE", re.sub(r"[\d.]+ [KMGTP]?i?B", "SIZE", error)
    )


# Runs


def test_an_import_that_was_cut_off_before(release: Path, refusal: Ask) -> None:
    begin_run(release / ".airlock" / "runs", "20260101-120000-import", b"{}").started("stop-services")
    assert refusal() == (
        3,
        f"Error: An earlier import in {release} was interrupted or got stuck.\n"
        f"  Its journal: {release}/.airlock/runs/20260101-120000-import\n"
        "→ In that directory, run one of: ./import-package.sh --resume (continues it),"
        " ./airlock rollback (undoes it)\n",
    )


def test_another_run_that_is_active(vault: Vault, release: Path, refusal: Ask, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    run = vault.site.start(vault.release(tmp_path / "other"), "./import-package.sh")
    assert run.stdout is not None
    try:
        while "[ 3/12]" not in run.stdout.readline():
            assert run.poll() is None
        os.killpg(run.pid, signal.SIGSTOP)
        code, error = refusal()
    finally:
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        shutil.rmtree(tmp_path / "other")
    assert (code, re.sub(r"since \S+", "since TIME.", error.replace(str(run.pid), "PID"))) == (
        5,
        "Error: Another run is changing this site.\n"
        "  Process PID has been running `import` since TIME.\n"
        "→ Wait until it finishes, then run the command again.\n",
    )


def test_nobody_there_to_confirm(vault: Vault, release: Path) -> None:
    before = vault.picture(), listing(release)
    ended = vault.site.type(release, "./import-package.sh")
    assert (ended.code, error_of(ended)) == (
        3,
        "Error: Not confirmed: nothing was changed.\n"
        "→ Without a terminal, confirm with: ./import-package.sh --yes\n",
    )
    assert (vault.picture(), listing(release)) == before


# Packages


def cut(release: Path) -> str:
    short = (release / "images.tar").read_bytes()[:-1]
    (release / "images.tar").unlink()
    (release / "images.tar").write_bytes(short)
    return f"images.tar: has {len(short)} bytes instead of {len(short) + 1}"


def alter(release: Path) -> str:
    config = (release / "proxy/nginx.conf").read_bytes()
    (release / "proxy/nginx.conf").write_bytes(config.replace(b"80", b"81"))
    return "proxy/nginx.conf: is damaged or altered"


def lose(release: Path) -> str:
    (release / "MIGRATIONS.md").unlink()
    return "MIGRATIONS.md: is missing"


def add(release: Path) -> str:
    (release / "extra").touch()
    return "extra: is not listed in manifest.json"


@pytest.mark.parametrize("damage", [cut, alter, lose, add])
def test_an_unpacked_package_that_is_not_as_it_was_exported(
    release: Path, refusal: Ask, damage: Callable[[Path], str]
) -> None:
    problem = damage(release)
    assert refusal() == (
        4,
        f"Error: {release} is damaged or altered.\n"
        f"  {problem}\n"
        "→ Unpack the package file again, into an empty folder.\n",
    )


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda raw: raw[: len(raw) // 2], "it ends too early"),
        (
            lambda raw: raw[: len(raw) // 2] + b"\0\0\0\0" + raw[len(raw) // 2 + 4 :],
            "its compression is broken",
        ),
    ],
)
def test_a_package_file_that_is_damaged(
    vault: Vault, packages: Packages, tmp_path: Path, damage: Callable[[bytes], bytes], problem: str
) -> None:
    forget_images(vault, "2.1.2")
    before = vault.picture()
    package = tmp_path / packages["2.1.2"].name
    package.write_bytes(damage(packages["2.1.2"].read_bytes()))
    ended = imported(vault, package)
    assert (ended.code, re.sub(r"broken \(.*\)", "broken", error_of(ended))) == (
        4,
        f"Error: {package.name} is damaged or altered.\n"
        f"  images.tar: the package is damaged from here on: {problem}\n"
        f"→ Copy it here again and compare its SHA-256 with the sender's: sha256sum {package.name}\n",
    )
    assert list(tmp_path.iterdir()) == [package]
    assert vault.picture() == before
    package.unlink()


def test_a_file_that_is_no_package_and_one_that_is_not_there(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "notes.tar.gz").write_text("not a package")
    not_one, nothing = imported(vault, tmp_path / "notes.tar.gz"), imported(vault, tmp_path / "lost.tar.gz")
    assert (not_one.code, error_of(not_one)) == (
        4,
        "Error: notes.tar.gz is not a package.\n"
        "  it is neither gzip, zstd nor tar\n"
        "→ Specify the file that `airlock export` made, or the directory unpacked from it.\n",
    )
    assert (nothing.code, error_of(nothing)) == (
        2,
        f"Error: {tmp_path}/lost.tar.gz does not exist.\n"
        "→ Specify the directory that `tar -xzf` created, or the package file itself.\n",
    )


def imported(vault: Vault, package: Path) -> Ended:
    """`airlock import FILE`, as typed in the running release's directory."""
    return vault.site.type(vault.old, "./airlock", "import", "--yes", str(package))


def forget_images(vault: Vault, version: str) -> None:
    """An import reads of a package's images only what the engine lacks; what it shares with 2.1.1 stays."""
    named = ("--format", "{{.Repository}}:{{.Tag}}", "--filter", f"reference=customer-vault/*:{version}")
    names = ("docker", "images", *named)
    vault.site.server.output_of("sh", "-c", f"{shlex.join(names)} | xargs -r docker rmi --force")
