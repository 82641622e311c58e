"""Exports with a Python of its own, on real engines, as an engineer types them."""

import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from testbed.images.python import PYTHON_3_13, PYTHON_OF_PACKAGES
from testbed.server import Server
from tests.packager.projects import write
from tests.testbed.servers import Servers

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[3]
IMAGE, NEWER = PYTHON_OF_PACKAGES.reference, PYTHON_3_13.reference
COMPOSE = "services:\n  web:\n    image: busybox:1\n    command: [sleep, '9']\n"
PACKAGE = "small_1.0.0_package.tar.gz"


@pytest.fixture(scope="module")
def online(servers: Servers) -> Server:
    return servers["online"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path / "small", {"docker-compose.yml": COMPOSE})


def export(server: Server, project: Path, *words: str, **variables: str) -> tuple[int, str]:
    """The exit code of an export, and everything it told."""
    command = server.command(sys.executable, "-m", "packager", "--lang", "en", "export", "1.0.0", *words)
    known = {name: value for name, value in os.environ.items() if name != "AIRLOCK_RUNTIME"}
    environment: Mapping[str, str] = {**server.environment(known), "PYTHONPATH": str(ROOT), **variables}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def own_files(package: Path) -> list[str]:
    with tarfile.open(package) as archive:
        return [name.partition("/")[2] for name in archive.getnames() if "/runtime/" in name]


def version_of(package: Path) -> str:
    subprocess.run(("tar", "-xzf", package.name), cwd=package.parent, check=True)
    release = package.with_name(package.name.removesuffix(".tar.gz"))
    own = (release / "runtime/lib/ld-linux-x86-64.so.2", "--library-path", release / "runtime/lib")
    program = "import sys, ssl; print(sys.version_info[:2])"
    words = (*own, release / "runtime/bin/python3", "-I", "-S", "-c", program)
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def test_the_default_image_is_taken_where_nothing_is_specified(online: Server, project: Path) -> None:
    code, told = export(online, project)
    assert code == 0, told
    assert version_of(project / PACKAGE) == "(3, 11)"


def test_a_later_export_takes_it_from_the_cache_with_the_same_bytes(
    online: Server, project: Path, tmp_path: Path
) -> None:
    assert export(online, project)[0] == 0
    plain, packages, entries = (project / PACKAGE).read_bytes(), [], []
    for _export in range(2):
        code, told = export(online, project, "--cache", str(tmp_path / "cache"))
        assert code == 0, told
        (entry,) = (tmp_path / "cache/runtime").iterdir()
        packages.append((project / PACKAGE).read_bytes())
        entries.append(entry.stat().st_ino)  # one that is made again is another file
    assert packages == [plain] * 2
    assert entries[0] == entries[1]


def test_an_image_with_a_newer_library_than_this_machine_serves(online: Server, project: Path) -> None:
    online.load((NEWER,))
    (project / "airlock.yml").write_text(f"runtime: {NEWER}\n")
    code, told = export(online, project)
    assert code == 0, told
    assert version_of(project / PACKAGE) == "(3, 13)"
    release = project / PACKAGE.removesuffix(".tar.gz")
    done = subprocess.run((release / "airlock", "verify"), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("way", ["option", "variable", "airlock.yml"])
def test_a_package_needs_no_python_of_its_own(online: Server, project: Path, way: str) -> None:
    if way == "airlock.yml":
        (project / "airlock.yml").write_text("runtime: none\n")
    words = ("--runtime", "none") if way == "option" else ()
    code, told = export(online, project, *words, **({"AIRLOCK_RUNTIME": "none"} if way == "variable" else {}))
    assert (code, own_files(project / PACKAGE)) == (0, []), told


def test_another_engine_gives_the_same_bytes(online: Server, project: Path, servers: Servers) -> None:
    assert export(online, project)[0] == 0
    first = (project / PACKAGE).read_bytes()
    old = servers.start("old-with-python", images=("busybox:1", IMAGE), engine="20")
    code, told = export(old, project)
    assert code == 0, told
    assert (project / PACKAGE).read_bytes() == first


def test_a_missing_image_is_told_with_every_way_out(online: Server, project: Path) -> None:
    code, told = export(online, project, "--runtime", "nowhere.invalid/python:3")
    assert (code, told[told.index("Error: ") :]) == (
        3,
        "Error: The image nowhere.invalid/python:3 for the package's Python is not in the engine "
        "and could not be pulled.\n"
        "  With a registry: docker pull nowhere.invalid/python:3\n"
        "  On a machine with a registry: docker save nowhere.invalid/python:3 > python.tar\n"
        "    then here: docker load --input python.tar\n"
        "  With another image of Python 3.11 or newer: --runtime IMAGE\n"
        "→ Where all sites have Python 3.10 or newer, export without it: --runtime none\n",
    )
    assert not (project / PACKAGE).exists()


@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("busybox:1", "The image busybox:1 has no Python."),
        ("An Image", "--runtime An Image: must be an image such as python:3.11-slim-bookworm, or none"),
    ],
)
def test_an_image_that_does_not_serve_is_told(online: Server, project: Path, image: str, said: str) -> None:
    code, told = export(online, project, "--runtime", image)
    assert (code, f"Error: {said}\n" in told) == (3 if image == "busybox:1" else 2, True), told
    assert sorted(path.name for path in project.iterdir()) == ["docker-compose.yml"]


def test_an_image_for_another_platform_is_told_before_anything_is_built(
    online: Server, project: Path
) -> None:
    code, told = export(online, project, "--platform", "linux/arm64")
    assert (code, told[told.index("Error: ") :]) == (
        3,
        f"Error: The image {IMAGE} for the package's Python is for linux/amd64, not for linux/arm64.\n"
        f"→ Pull it for this platform: docker pull --platform linux/arm64 {IMAGE}\n",
    )


def test_a_project_with_a_folder_of_that_name_is_told(online: Server, project: Path) -> None:
    compose = COMPOSE + "    volumes: ['./runtime:/data']\n"
    write(project, {"docker-compose.yml": compose})
    code, told = export(online, project)
    assert code == 2, told
    assert "Error: The project uses the folder runtime, in which a package has its own Python.\n" in told
    assert export(online, project, "--runtime", "none")[0] == 0
