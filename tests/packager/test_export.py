"""Exporting on a real engine, as an engineer types it."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Manifest
from installer.bundle.manifest.manifest_file import parse_manifest
from tests.packager.projects import shop

ROOT = Path(__file__).parents[2]
DATABASE = "airlock-test/mariadb:1"  # a small image with the name of a database
SECRET = "correct-horse-battery"
PACKAGE = "shop_2.1.2_package.tar.gz"

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True, scope="module")
def images() -> Iterator[None]:
    """The images these tests name; gone afterwards."""
    docker("tag", "busybox:1", DATABASE)
    yield
    made = docker("images", "--format", "{{.Repository}}:{{.Tag}}").split()
    docker("rmi", "--force", DATABASE, *(name for name in made if name.startswith("shop-")))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = shop(tmp_path)
    compose = folder / "docker-compose.yml"
    compose.write_text(compose.read_text().replace("mariadb:10.11", DATABASE))
    return folder


def docker(*words: str) -> str:
    return subprocess.run(("docker", *words), capture_output=True, text=True, check=True).stdout


def command(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "packager", "--lang", "en", "export", *words)


def environment(given: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **given}


def export(folder: Path, *words: str, **given: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command(*words), cwd=folder, env=environment(given), capture_output=True, text=True, check=False
    )


def refused(folder: Path, *words: str, exit_code: int, **given: str) -> str:
    """What a refused export says; it leaves nothing behind."""
    before = sorted(folder.iterdir())
    done = export(folder, *words, **given)
    assert (done.returncode, done.stdout) == (exit_code, ""), done.stderr
    assert sorted(folder.iterdir()) == before
    assert "Traceback" not in done.stderr
    return done.stderr[done.stderr.index("Error:") :]


def unpacked(package: Path) -> tuple[Path, Manifest]:
    subprocess.run(("tar", "-xzf", package.name), cwd=package.parent, check=True)
    root = package.with_name(package.name.removesuffix(".tar.gz"))
    return root, parse_manifest((root / "manifest.json").read_bytes())


def test_a_package_installs_by_hand_with_nothing_but_tar_sha256sum_and_docker(project: Path) -> None:
    done = export(project, "2.1.2")
    assert (done.returncode, done.stdout) == (0, f"{PACKAGE}\n"), done.stderr
    subprocess.run(("sha256sum", "--check", f"{PACKAGE}.sha256"), cwd=project, check=True)
    root, manifest = unpacked(project / PACKAGE)
    subprocess.run(("sha256sum", "--check", "--strict", "SHA256SUMS"), cwd=root, check=True)
    assert {image.reference: image.id for image in manifest.images} == {
        name: docker("inspect", "--format", "{{.Id}}", name).strip() for name in ("shop-web:2.1.2", DATABASE)
    }
    docker("rmi", "--force", "shop-web:2.1.2", DATABASE)
    assert "Loaded image: shop-web:2.1.2" in docker("load", "--input", str(root / "images.tar"))
    words = ("compose", "--project-directory", str(root), "--env-file", str(root / ".env.example"))
    assert docker("run", "--rm", "--network", "none", "shop-web:2.1.2", "cat", "/page") == "hello\n"
    (root / ".env").write_text("DB_ROOT_PASSWORD=x\n")
    configured = json.loads(docker(*words[:3], "config", "--format", "json"))
    assert configured["name"] == "shop"
    assert {name: (one["image"], one["pull_policy"]) for name, one in configured["services"].items()} == {
        "web": ("shop-web:2.1.2", "never"),
        "db": (DATABASE, "never"),
    }


def test_the_manifest_says_what_the_project_is(project: Path) -> None:
    assert export(project, "2.1.2").returncode == 0
    _root, manifest = unpacked(project / PACKAGE)
    application, (database,) = manifest.application, manifest.databases
    assert (application.name, application.version, application.project) == ("shop", "2.1.2", "shop")
    assert (database.service, database.folder) == ("db", "prisma/migrations")
    assert manifest.state == ("data/mariadb", "uploads")
    assert [migration.name for migration in database.migrations] == ["20260101000000_init"]
    assert {file.path for file in manifest.files} == {
        ".env.example", "DEPLOYMENT_GUIDE.ko.md", "DEPLOYMENT_GUIDE.md", "MIGRATIONS.ko.md", "MIGRATIONS.md",
        "airlock", "docker-compose.yml", "images.tar", "import-package.sh", "installer.pyz",
        "prisma/migrations/20260101000000_init/migration.sql", "prisma/migrations/migration_lock.toml",
        "prisma/schema.prisma", "proxy/nginx.conf",
    }  # fmt: skip


def test_no_secret_is_in_any_byte_of_the_package_nor_in_what_is_told(project: Path) -> None:
    (project / "web/Dockerfile").write_text(
        "FROM busybox:1\nARG DB_ROOT_PASSWORD\nRUN echo $DB_ROOT_PASSWORD > /p\n"
    )
    compose = (project / "docker-compose.yml").read_text()
    built = "build: {context: ./web, args: {DB_ROOT_PASSWORD: '${DB_ROOT_PASSWORD-}'}}"
    (project / "docker-compose.yml").write_text(compose.replace("build: ./web", built))
    done = export(project, "2.1.2")
    assert done.returncode == 0, done.stderr
    assert SECRET in (project / ".env").read_text()
    assert SECRET.encode() not in gzip.decompress((project / PACKAGE).read_bytes())
    assert SECRET not in done.stdout + done.stderr


def test_the_same_inputs_give_the_same_package(project: Path, tmp_path: Path) -> None:
    assert export(project, "2.1.2", "--output", str(tmp_path / "one")).returncode == 0
    assert export(project, "2.1.2", "--output", str(tmp_path / "two")).returncode == 0
    assert (tmp_path / "one" / PACKAGE).read_bytes() == (tmp_path / "two" / PACKAGE).read_bytes()


def test_the_engineers_settings_may_be_missing(project: Path) -> None:
    (project / ".env").unlink()
    assert export(project, "2.1.2").returncode == 0


def test_a_dry_run_shows_the_plan_and_does_nothing(project: Path) -> None:
    before = sorted(project.iterdir())
    done = export(project, "2.1.2", "--dry-run", DOCKER_HOST="unix:///nowhere")
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout
        == f"""\
shop 2.1.2 (Compose project shop)
Source: not under Git
Images
  pulled  {DATABASE}  (db)
  built   shop-web:2.1.2  (web)
Files of the project
  .env.example
  proxy/nginx.conf
Site data, never packed
  data/mariadb
  uploads
Provided by the site, never packed
  .env
Elsewhere on the host, not changed
  /etc/localtime (web)
Variables: DB_ROOT_PASSWORD
Database: service db
1 migration in prisma/migrations, 1 of them new
  20260101000000_init
Python: none in the package; the site needs Python 3.10 or newer
Package: {PACKAGE}
"""
    )
    assert sorted(project.iterdir()) == before


def test_the_plan_for_programs_says_the_same(project: Path) -> None:
    plan = json.loads(export(project, "2.1.2", "--dry-run", "--json").stdout)
    assert plan["images"] == [
        {"reference": DATABASE, "origin": "pulled", "services": ["db"]},
        {"reference": "shop-web:2.1.2", "origin": "built", "services": ["web"]},
    ]
    assert plan["state"] == ["data/mariadb", "uploads"]
    assert plan["databases"] == [
        {
            "service": "db",
            "engine": "mariadb",
            "migrations": ["20260101000000_init"],
            "new_migrations": ["20260101000000_init"],
        }
    ]


def test_parts_of_another_compression_install_by_hand_too(project: Path) -> None:
    done = export(project, "2.1.2", "--compression", "zstd", "--split", "1MB")
    package = "shop_2.1.2_package.tar.zst"
    assert (done.returncode, done.stdout) == (0, f"{package}.001\n"), done.stderr
    subprocess.run(("sha256sum", "--check", f"{package}.sha256"), cwd=project, check=True)
    parts = sorted(project.glob(f"{package}.0*"))
    assert {part.stat().st_size for part in parts[:-1]} == {1_000_000}
    whole = b"".join(part.read_bytes() for part in parts)
    subprocess.run(("tar", "--zstd", "-x"), cwd=project, input=whole, check=True)
    root = project / "shop_2.1.2_package"
    subprocess.run(("sha256sum", "--check", "--strict", "SHA256SUMS"), cwd=root, check=True)


def test_a_size_that_is_none_is_refused(project: Path) -> None:
    assert "five is not a valid size." in refused(project, "2.1.2", "--split", "five", exit_code=2)


def test_only_new_migrations_are_told_with_the_package_of_the_release_before(project: Path) -> None:
    assert export(project, "2.1.1").returncode == 0
    folder = project / "prisma/migrations/20260102000000_more"
    folder.mkdir()
    (folder / "migration.sql").write_text("DROP TABLE users;")
    done = export(project, "2.1.2", "--previous", "shop_2.1.1_package.tar.gz")
    assert done.returncode == 0, done.stderr
    root, _manifest = unpacked(project / PACKAGE)
    assert "1 new since 2.1.1" in (root / "MIGRATIONS.md").read_text()
    assert (
        "**Line 1: changes, destroys data.** Drops a table.\n\n- DS102: Table users"
        in (root / "MIGRATIONS.md").read_text()
    )


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    subprocess.run(("git", *identity, *words), cwd=folder, check=True, capture_output=True)


def test_a_missing_version_is_asked_of_git_and_said_aloud(project: Path) -> None:
    git(project, "init")
    git(project, "add", "web", "docker-compose.yml")
    git(project, "commit", "--message", "x")
    git(project, "tag", "v3.0.1")
    done = export(project, "--dry-run", "--json")
    assert done.stderr.splitlines() == [
        "Version 3.0.1, from the Git tag of the current commit.",
        "Warning: There are uncommitted changes, which the manifest records: .env, .env.example,"
        " prisma/migrations/20260101000000_init/migration.sql and 3 more",
    ]
    source = json.loads(done.stdout)["source"]
    assert (source["tag"], source["dirty"]) == ("v3.0.1", True)


def test_an_export_writes_nothing_into_the_checkout_but_the_package(project: Path, tmp_path: Path) -> None:
    for path in project.rglob("*"):
        os.utime(path, (1, 1))
    assert export(project, "2.1.2", "--output", str(tmp_path / "out")).returncode == 0
    assert [path for path in project.rglob("*") if path.stat().st_mtime != 1] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "No version was specified, and there is no Git tag to take it from."),
        (("two",), "`two` is not a version number like 2.1.2"),
        (("2.1.2+5",), "A version with `+` cannot be used as an image tag: 2.1.2+5"),
        (("2.1.2", "--outptu", "x"), "Unknown option: --outptu"),
    ],
)
def test_a_wrong_command_is_told(project: Path, words: tuple[str, ...], said: str) -> None:
    assert said in refused(project, *words, exit_code=2)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("docker-compose.yml", "services:\n  web: [\n", "docker-compose.yml:3: while parsing a flow node"),
        (
            "docker-compose.yml",
            "services: {}\nservices: {}\n",
            "docker-compose.yml:2: duplicate key `services`.",
        ),
        ("airlock.yml", "nam: x\n", "airlock.yml:1 nam: is unknown; did you mean `name`?"),
    ],
)
def test_a_broken_file_is_told_with_its_place(project: Path, file: str, content: str, said: str) -> None:
    (project / file).write_text(content)
    told = refused(project, "2.1.2", exit_code=2)
    assert (said in told, f"  Project directory: {project.resolve()}\n" in told) == (True, True), told


def test_a_directory_without_compose_file_is_told(tmp_path: Path) -> None:
    assert "There is no compose file in" in refused(tmp_path, "2.1.2", exit_code=2)


def test_no_engine_is_told(project: Path) -> None:
    said = refused(project, "2.1.2", exit_code=3, DOCKER_HOST="unix:///nowhere/docker.sock")
    assert "Docker" in said


def test_no_compose_is_told(project: Path, tmp_path: Path) -> None:
    alone = tmp_path / "bin/docker"
    alone.parent.mkdir()
    alone.write_text(f'#!/bin/sh\n[ "$1" = compose ] && exit 1\nexec {shutil.which("docker")} "$@"\n')
    alone.chmod(0o755)
    said = refused(project, "2.1.2", exit_code=3, PATH=f"{tmp_path}/bin:{os.environ['PATH']}")
    assert said.startswith("Error: Docker Compose v2 is not installed on this machine.")


def test_an_image_that_is_missing_offline_is_told_with_its_service(project: Path) -> None:
    compose = project / "docker-compose.yml"
    compose.write_text(compose.read_text().replace(DATABASE, "nowhere.invalid/mariadb:9"))
    said = refused(project, "2.1.2", exit_code=3)
    assert said.splitlines() == [
        "Error: The image nowhere.invalid/mariadb:9 is not in the engine and could not be pulled.",
        "  Used by the services: db",
        "→ Load the image into this engine, or connect to its registry and run:"
        " docker pull nowhere.invalid/mariadb:9",
    ]


def test_images_for_another_machine_are_told(project: Path) -> None:
    compose = project / "docker-compose.yml"
    compose.write_text(f"services:\n  db:\n    image: {DATABASE}\n")
    here = docker("version", "--format", "{{.Server.Os}}/{{.Server.Arch}}").strip()
    said = refused(project, "2.1.2", "--platform", "linux/s390x", exit_code=3)
    assert said.splitlines()[:2] == [
        "Error: Not all images are for linux/s390x.",
        f"  {DATABASE} (db) is for {here}",
    ]


def test_a_failed_build_is_told(project: Path) -> None:
    (project / "web/Dockerfile").write_text("FROM busybox:1\nRUN echo reason; exit 7\n")
    said = refused(project, "2.1.2", exit_code=3)
    lines = said.splitlines()
    assert lines[0] == "Error: Building the images failed: web"
    assert any("RUN echo reason; exit 7" in line for line in lines[1:-1])
    assert any(line.endswith(" reason") for line in lines[1:-1])


def test_variables_that_the_build_requires_are_told_all_together(project: Path) -> None:
    compose = project / "docker-compose.yml"
    built = "build: {context: ./web, args: {A: '${A_KEY:?}', B: '${B_KEY:?}'}}"
    compose.write_text(compose.read_text().replace("build: ./web", built))
    (project / ".env").write_text("A_KEY=1\nB_KEY=2\n")
    assert refused(project, "2.1.2", exit_code=2).splitlines()[1:3] == ["  A_KEY", "  B_KEY"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_export_leaves_no_file(project: Path, number: signal.Signals) -> None:
    compose = project / "docker-compose.yml"
    compose.write_text(compose.read_text().replace(DATABASE, "mariadb:10.11"))
    before = sorted(project.iterdir())
    with subprocess.Popen(
        command("2.1.2"), cwd=project, env=environment({}), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        while not list(project.glob(".*.partial-*")):
            assert running.poll() is None, running.communicate()
            time.sleep(0.01)
        running.send_signal(number)
        running.communicate(timeout=30)
    assert (running.returncode, sorted(project.iterdir())) == (130, before)


def test_a_large_image_is_exported_in_constant_memory(project: Path) -> None:
    compose = project / "docker-compose.yml"
    compose.write_text(compose.read_text().replace(DATABASE, "mariadb:10.11"))
    measure = "import runpy, shutil, sys; sys.argv = sys.argv[1:]\n"
    measure += "try: runpy.run_module('packager', run_name='__main__')\n"
    measure += "finally: shutil.copyfile('/proc/self/status', 'status')"  # ru_maxrss counts the parent, too
    words = (sys.executable, "-c", measure, "packager", "export", "2.1.2")
    subprocess.run(words, cwd=project, env=environment({}), check=True, capture_output=True)
    peak_kib = int((project / "status").read_text().partition("VmHWM:")[2].split()[0])
    assert peak_kib < 150_000
    with tarfile.open(project / PACKAGE) as archive:
        assert archive.getnames()[-1] == "shop_2.1.2_package/images.tar"
