"""Where a directory that was renamed under its containers is now: real containers, real folders."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.site.running.directory_of_containers import (
    ComparedFolder,
    compared_folders,
    place_of,
    runs_from,
)
from installer.site.running.installation import find_installation
from installer.site.running.other_files import way_out
from installer.site.starting.start_again import start_again
from installer.system.compose.compose import Compose
from installer.system.docker.docker import Container, Engine

pytestmark = pytest.mark.engine

COMPOSE = """
services:
  db: {image: "busybox:1", init: true, stop_grace_period: 0s, command: sleep 600, volumes: ["./data:/data"]}
"""


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Compose]:
    """A project with a folder, started in a directory that is about to be renamed."""
    directory = tmp_path / "before"
    (directory / "data").mkdir(parents=True)
    (directory / "compose.yml").write_text(COMPOSE)
    compose = Compose(directory, ("compose.yml",), f"p-{uuid.uuid4().hex[:8]}")
    compose.up()
    yield compose
    (tmp_path / "end").mkdir()
    (tmp_path / "end" / "compose.yml").write_text(COMPOSE)
    Compose(tmp_path / "end", ("compose.yml",), compose.project).down()


def containers_of(engine: Engine, compose: Compose) -> tuple[Container, ...]:
    return engine.containers(project=compose.project)


def test_a_renamed_directory_is_found_by_the_folders_of_its_containers(
    engine: Engine, started: Compose, tmp_path: Path
) -> None:
    assert started.project is not None
    other = tmp_path / "a directory like it"
    (other / "data").mkdir(parents=True)
    (other / "compose.yml").write_text(COMPOSE)
    now = started.directory.rename(tmp_path / "now")
    containers = containers_of(engine, started)
    assert place_of(containers, None) == now
    assert (runs_from(now, containers), runs_from(other, containers)) == (True, False)
    found = find_installation(engine, started.project, frozenset(), from_directory=None)
    assert found is not None
    assert (found.directory, found.renamed_from, found.model.services["db"].mounts[0].source) == (
        now,
        started.directory,
        str(now / "data"),
    )


def test_another_directory_that_took_its_name_is_not_taken_for_it(
    engine: Engine, started: Compose, tmp_path: Path
) -> None:
    now = started.directory.rename(tmp_path / "now")
    (started.directory / "data").mkdir(parents=True)
    (started.directory / "compose.yml").write_text(COMPOSE)
    (container,) = containers_of(engine, started)
    assert place_of((container,), None) == now
    assert tuple(compared_folders(started.model().services["db"], container)) == (
        ComparedFolder("/data", started.directory / "data", str(started.directory / "data"), is_same=False),
    )


def test_services_of_a_renamed_directory_start_with_its_folders_not_with_empty_ones(
    engine: Engine, started: Compose, tmp_path: Path
) -> None:
    now = started.directory.rename(tmp_path / "now")
    renamed = Compose(now, started.files, started.project)
    renamed.stop(("db",))
    start_again(renamed, engine, ("db",))
    (container,) = containers_of(engine, started)
    compared = tuple(compared_folders(renamed.model().services["db"], container))
    assert compared == (ComparedFolder("/data", now / "data", str(now / "data"), is_same=True),)
    assert not started.directory.exists()


def test_the_way_out_leads_to_the_release_that_runs_or_tells_of_the_rename(
    engine: Engine, started: Compose, tmp_path: Path
) -> None:
    (container,) = containers_of(engine, started)
    here = tmp_path / "here"
    assert way_out(here, container).endswith(f"in the directory of the running release: {started.directory}")
    started.directory.rename(tmp_path / "now")
    assert way_out(here, container).startswith(f"If {here} was renamed before Docker restarted")
