"""The folder that a running container has, whatever it is called on the host by now."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from installer.system.docker.container_folders import folder_inside, folder_on_host
from installer.system.docker.docker import Container, Engine
from installer.system.process.process import output_of
from tests.operations.preflight.containers import a_container


def test_a_folder_has_an_identity_that_outlives_its_name_and_a_file_has_none(tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    (tmp_path / "file").touch()
    identity = folder_on_host(before)
    assert identity is not None
    assert folder_on_host(before.rename(tmp_path / "after")) == identity
    assert (folder_on_host(before), folder_on_host(tmp_path / "file")) == (None, None)


def test_nothing_is_known_of_a_container_that_does_not_run() -> None:
    assert folder_inside(a_container("db", state="exited"), "/var/lib/mysql") is None


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Container]:
    """A container with two folders of the host."""
    name = f"folders-{uuid.uuid4().hex[:8]}"
    for folder in ("data", "up"):
        (tmp_path / folder).mkdir()
    mounts = (f"{tmp_path}/data:/data", f"{tmp_path}/up:/up")
    output_of(
        (
            *("docker", "run", "--detach", "--init", "--name", name),
            *(word for mount in mounts for word in ("--volume", mount)),
            *("busybox:1", "sleep", "600"),
        )
    )
    found = Engine.connect().container(name)
    assert found is not None
    yield found
    output_of(("docker", "rm", "--force", name))


@pytest.mark.engine
def test_a_running_container_keeps_its_folder_when_that_is_renamed(
    running: Container, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    assert folder_inside(running, "/data") == folder_on_host(data)
    renamed = data.rename(tmp_path / "renamed")
    data.mkdir()
    assert folder_inside(running, "/data") == folder_on_host(renamed) != folder_on_host(data)


@pytest.mark.engine
def test_who_may_not_look_at_its_process_asks_in_the_container(running: Container, tmp_path: Path) -> None:
    elsewhere = replace(running, pid=1)  # a process that is not the container's
    assert folder_inside(elsewhere, "/up") == folder_on_host(tmp_path / "up")
    assert folder_inside(elsewhere, "/etc/hosts") is None
