"""Engines that Airlock does not serve, met by a person who types: refused in words; nothing is changed."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bundle.builders import CONTENTS, a_manifest, a_package_directory
from tests.engines.answering import Answers, answering, recorded
from tests.engines.in_container import engine_in_a_container
from tests.engines.seen import Seen, Way, record, words_of
from tests.packager.projects import shop

ROOT = Path(__file__).parents[2]
HERE = "unset DOCKER_HOST; docker context use default"
KERNEL = os.uname().release

pytestmark = pytest.mark.engine


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return a_package_directory(tmp_path, CONTENTS, a_manifest())


def typed(folder: Path, *words: str, **variables: str) -> tuple[int, str]:
    """The exit code of a command in a folder, and its error."""
    done = subprocess.run(
        (sys.executable, "-m", "packager", "--lang", "en", *words),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr[done.stderr.find("Error:") :]


def listing(folder: Path) -> set[str]:
    """Every file below a folder, but for the log."""
    paths = (str(path.relative_to(folder)) for path in folder.rglob("*"))
    return {path for path in paths if not path.startswith(".airlock")}


def refused(folder: Path, command: str, engine: str, way: Way, **variables: str) -> str:
    """What a command says that is refused on this engine; it is recorded, and the folder is as before."""
    before = listing(folder)
    words = {"import": ("import", ".", "--yes"), "export": ("export", "2.1.2")}[command]
    code, error = typed(folder, *words, **variables)
    record(Seen(engine, way, command, code, words_of(error)))
    assert (code, listing(folder)) == (3, before), error
    return error


def refused_on(answers: Answers, folder: Path, command: str, engine: str, way: Way) -> str:
    with answering(answers) as address:
        return refused(folder, command, engine, way, DOCKER_HOST=address)


PODMAN = f"""\
Error: This is Podman 4.3.1, not Docker.
  Podman gives loaded images other names (localhost/…) than the release's compose file has.
  Airlock requires Docker 20.10 or newer.
→ Install Docker, or use the one of this machine: {HERE}
"""


def test_podman_at_the_socket(release: Path, tmp_path: Path) -> None:
    podman, engine = recorded("podman-4.3.1"), "Podman 4.3.1, its socket"
    assert refused_on(podman, release, "import", engine, "recorded answers") == PODMAN
    assert refused_on(podman, shop(tmp_path), "export", engine, "recorded answers") == PODMAN


def test_podman_under_the_name_of_docker(release: Path, tmp_path: Path) -> None:
    command = tmp_path / "bin" / "docker"
    command.parent.mkdir()
    command.write_text('#!/bin/sh\n[ "$1" != --version ] || echo podman version 4.3.1\n')
    command.chmod(0o755)
    path = f"{command.parent}:{os.environ['PATH']}"
    engine = "Podman 4.3.1, its command named docker"
    assert refused(release, "import", engine, "recorded answers", PATH=path) == PODMAN


def test_an_engine_older_than_20_10(release: Path) -> None:
    version = {"Version": "19.03.15", "ApiVersion": "1.40", "MinAPIVersion": "1.12"}
    old = recorded("docker-26.1.5", version=version)
    assert refused_on(old, release, "import", "Docker 19.03", "recorded answers, changed") == (
        "Error: This Docker engine is too old.\n"
        "  It supports API 1.40; Airlock requires Docker 20.10 or newer.\n"
        "→ Update Docker on this machine, then run the command again.\n"
    )


def test_an_engine_that_accepts_only_an_api_of_the_future(release: Path) -> None:
    version = {"Version": "99.0.0", "ApiVersion": "1.70", "MinAPIVersion": "1.60"}
    engine = "an engine of the future: API 1.60 and newer only"
    future = recorded("docker-26.1.5", version=version)
    assert refused_on(future, release, "import", engine, "recorded answers, changed") == (
        "Error: This Docker engine is too new for this version of Airlock.\n"
        "  It accepts API 1.60 and newer; this version of Airlock supports API 1.51 and older.\n"
        "→ Ask the vendor for a package made with a newer Airlock.\n"
    )


def test_rootless_docker(release: Path) -> None:
    rootless = recorded(
        "docker-26.1.5",
        SecurityOptions=["name=seccomp,profile=builtin", "name=rootless"],
        DockerRootDir="/home/admin/.local/share/docker",
    )
    assert refused_on(rootless, release, "import", "Docker without root", "recorded answers, changed") == (
        "Error: The preflight found 1 problem; nothing was changed.\n"
        "  The Docker engine runs without root (rootless).\n"
        "    It changes the owners of files that containers use, and cannot open ports below 1024.\n"
        "    Airlock could not carry over data or bring it back with its owners.\n"
        f"  → Use an engine that runs as root: {HERE}\n"
        "→ Fix it, then run the command again.\n"
    )


def test_docker_from_snap_outside_of_a_home(release: Path) -> None:
    snap = recorded("docker-26.1.5", DockerRootDir="/var/snap/docker/common/var-lib-docker")
    engine = "Docker from snap, release outside /home"
    assert refused_on(snap, release, "import", engine, "recorded answers, changed") == (
        "Error: The preflight found 1 problem; nothing was changed.\n"
        "  Docker was installed from snap, which does not see this directory.\n"
        f"    {release}\n"
        "    It sees only folders below /home, and no hidden ones.\n"
        "  → Move the directory below /home, or install Docker from its own packages.\n"
        "→ Fix it, then run the command again.\n"
    )


def test_an_engine_in_a_virtual_machine(release: Path) -> None:
    desktop = recorded("docker-26.1.5", KernelVersion="6.6.12-linuxkit", OperatingSystem="Docker Desktop")
    engine = "Docker in a virtual machine (Docker Desktop)"
    assert refused_on(desktop, release, "import", engine, "recorded answers, changed") == (
        "Error: The preflight found 1 problem; nothing was changed.\n"
        "  The Docker engine runs on another machine, or in a virtual machine on this one.\n"
        f"    Kernel of the engine: 6.6.12-linuxkit; of this machine: {KERNEL}\n"
        "    Airlock must run on the engine's machine, because it copies files that containers use.\n"
        f"  → Log in to that machine and run the command there. To use the engine of this machine: {HERE}\n"
        "→ Fix it, then run the command again.\n"
    )


def elsewhere(address: str, origin: str) -> str:
    return (
        f"Error: The Docker engine is on another machine: {address}\n"
        f"  The address comes from {origin}.\n"
        "  Airlock must run on the engine's machine, because it copies files that containers use.\n"
        f"→ Log in to that machine and run the command there. To use the engine of this machine: {HERE}\n"
    )


def test_an_engine_that_is_reached_by_ssh(release: Path, tmp_path: Path) -> None:
    address = "ssh://person@elsewhere"
    told = refused(release, "import", "DOCKER_HOST=ssh://…", "not asked", DOCKER_HOST=address)
    assert told == elsewhere(address, "DOCKER_HOST")
    project = shop(tmp_path)
    told = refused(project, "export", "DOCKER_HOST=ssh://…", "not asked", DOCKER_HOST=address)
    assert told == (
        f"Error: The Docker engine cannot be reached by SSH: {address}\n"
        "  Airlock connects to sockets and TCP ports only.\n"
        "→ Forward its socket, then run the command again: "
        f"ssh -fnNT -L /tmp/docker.sock:/var/run/docker.sock {address}"
        " && export DOCKER_HOST=unix:///tmp/docker.sock\n"
    )


def test_an_engine_at_a_tcp_port_of_another_machine(release: Path) -> None:
    with engine_in_a_container() as address:
        told = refused(release, "import", "DOCKER_HOST=tcp://…", "not asked", DOCKER_HOST=address)
    assert told == elsewhere(address, "DOCKER_HOST")


@pytest.fixture
def own_contexts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder for contexts of this test alone, and no DOCKER_HOST."""
    folder = tmp_path / "docker"
    folder.mkdir()
    (folder / "cli-plugins").symlink_to(Path(os.environ["DOCKER_CONFIG"]) / "cli-plugins")
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    yield


@pytest.mark.usefixtures("own_contexts")
def test_a_context_of_another_machine(release: Path) -> None:
    address = "ssh://person@elsewhere"
    make_context(f"host={address}")
    told = refused(release, "import", "a context of another machine", "not asked")
    assert told == elsewhere(address, "the Docker context in use")


@pytest.mark.usefixtures("own_contexts")
def test_a_context_with_tls_files(release: Path, tmp_path: Path) -> None:
    make_context("host=tcp://192.0.2.7:2376")
    files = tmp_path / "docker/contexts/tls" / hashlib.sha256(b"there").hexdigest() / "docker"
    files.mkdir(parents=True)  # `docker context create` would take only files of a true authority
    (files / "ca.pem").touch()
    told = refused(release, "import", "a context with TLS files", "not asked")
    assert told == (
        "Error: The Docker context in use has TLS files of its own, which Airlock does not read.\n"
        f"  Engine: tcp://192.0.2.7:2376; files: {files}\n"
        "→ Set the same with variables, then run the command again: "
        f"export DOCKER_HOST=tcp://192.0.2.7:2376 DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH={files}\n"
    )


def make_context(endpoint: str) -> None:
    for words in (("create", "there", "--docker", endpoint), ("use", "there")):
        subprocess.run(("docker", "context", *words), check=True, capture_output=True)
