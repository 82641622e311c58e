"""Jobs of a profile that ran once: whole imports and the way back, without a database, on a real engine."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Application, Image, Layer, Requirements
from installer.operations.import_.import_ import ImportRequest, import_release
from installer.operations.services.leftover_containers import directories_in_operation
from installer.operations.way_back.roll_back import roll_back
from installer.screen.console import Console
from installer.site.running.installation import find_installation
from installer.system.compose.compose import Compose
from installer.system.docker.docker import Container, Engine
from installer.system.process.process import output_of
from tests.bundle.builders import CONTENTS, a_manifest, a_package_directory
from tests.operations.preflight.containers import a_container
from tests.system.compose_project import compose, project

__all__ = ["project"]

COMPOSE = """
services:
  web:
    image: busybox:1
    init: true
    command: sleep 1000
    stop_grace_period: 0s
    environment: {V: VERSION}
    volumes: ["kept:/kept"]
  adm: {image: "busybox:1", init: true, command: sleep 1000, profiles: [admin]}
  job:
    image: busybox:1
    container_name: NAME-job
    command: sh -c "date > /out/ran"
    profiles: [once]
    volumes: ["./out:/out", "VOLUME:/made"]
volumes: {kept: {}, VOLUME: {}}
"""


def release(engine: Engine, folder: Path, name: str, version: str) -> Path:
    """An unpacked package of `version`, whose image is there; each version has a volume of its own."""
    text = COMPOSE.replace("VERSION", version).replace("NAME", name)
    text = text.replace("VOLUME", f"made{version.replace('.', '')}")
    contents = {
        path: content
        for path, content in {**CONTENTS, "docker-compose.yml": text.encode()}.items()
        if not path.startswith("prisma")
    }
    stored = engine.image("busybox:1")
    assert stored is not None
    layers = tuple(Layer(layer, 10) for layer in stored.diff_ids)
    manifest = replace(
        a_manifest(contents),
        application=Application("vault", "Vault", version, name),
        images=(Image("busybox:1", stored.id, stored.platform, layers),),
        databases=(),
        smoke=None,
        state=("out",),
        upgrade_from=None,
        requirements=Requirements("20.10.0", "2.0.0"),
    )
    return a_package_directory(folder, contents, manifest)


def take_in(directory: Path) -> str:
    """Import the release of `directory`; gives back the story."""
    story = io.StringIO()
    request = ImportRequest(directory, None, None, "copy", "auto", "auto", "rollback", False, 60)
    import_release(request, Console(story=story, assume_yes=True))
    return story.getvalue()


def run_job(directory: Path, name: str) -> None:
    output_of(("docker", "compose", "--project-name", name, "--profile", "once", "up", "job"), cwd=directory)


@pytest.fixture
def vault(project: Path) -> Iterator[Path]:
    """A folder for releases of a project of that name, which is taken down afterwards."""
    yield project


@pytest.mark.long
@pytest.mark.engine
def test_jobs_that_ran_neither_block_the_way_back_nor_an_import_and_still_run_afterwards(
    vault: Path, engine: Engine
) -> None:
    name = vault.name
    first, second = (release(engine, vault, name, version) for version in ("1.0.0", "2.0.0"))
    take_in(first)
    run_job(first, name)
    assert (first / "out" / "ran").is_file()
    told = take_in(second)
    assert (second / "out" / "ran").is_file(), told
    run_job(second, name)
    ran = ("docker", "compose", "-p", name, "--profile", "once", "run", "--detach", "--no-deps", "job")
    output_of(ran, cwd=second)
    roll_back(second, Console(story=io.StringIO(), assume_yes=True), health_seconds=60)
    left = [(one.name, one.working_dir) for one in engine.containers(project=name)]
    assert left == [(f"{name}-web-1", first)]
    assert f"{name}_made200" not in engine.volumes()
    run_job(first, name)


@pytest.mark.engine
def test_a_job_that_is_left_of_a_release_that_was_taken_down_is_no_installation(
    project: Path, engine: Engine
) -> None:
    text = COMPOSE.replace("NAME", project.name).replace("VOLUME", "made")
    started = compose(project, text)
    started.up()
    run_job(project, project.name)
    found = find_installation(engine, project.name, frozenset(), from_directory=None)
    assert found is not None and found.running_services == ("web",)
    started.down()
    assert [one.service for one in engine.containers(project=project.name)] == ["job"]
    assert find_installation(engine, project.name, frozenset(), from_directory=None) is None


def in_directory(container: Container, directory: str) -> Container:
    return replace(container, working_dir=Path(directory), created_at=datetime.now(timezone.utc))


@pytest.mark.engine
def test_an_ended_job_of_another_directory_is_no_release_but_a_stopped_service_and_a_running_job_are(
    project: Path,
) -> None:
    ours = compose(project, COMPOSE.replace("NAME", "n").replace("VOLUME", "made"))
    containers = [
        in_directory(a_container("job", state="exited"), "/srv/old"),
        in_directory(a_container("gone", state="exited"), "/srv/older"),
        in_directory(a_container("web", state="exited"), "/srv/stopped"),
        in_directory(a_container("job"), "/srv/running"),
        in_directory(a_container("web", one_off=True), "/srv/shell"),
        in_directory(a_container("web"), str(project)),
    ]
    found = directories_in_operation(containers, ours, {project})
    assert found == {Path("/srv/stopped"), Path("/srv/running")}


def test_without_its_settings_nobody_knows_which_services_start_by_themselves(tmp_path: Path) -> None:
    (tmp_path / "docker-compose.yml").write_text('services: {web: {image: "i:${TAG:?}"}}')
    ended = in_directory(a_container("job", state="exited"), "/srv/old")
    ours = Compose(tmp_path, ("docker-compose.yml",), "vault")
    assert directories_in_operation([ended], ours, set()) == {Path("/srv/old")}
