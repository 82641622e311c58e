"""A release directory whose services really run."""

import shutil
from io import StringIO
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Application, dump_manifest
from installer.errors import FailedAndRestored, Refused, Stuck
from installer.operations.release_directory import Site
from installer.screen.console import Console
from installer.system.docker.docker import Engine
from installer.system.process.process import output_of
from tests.bundle.builders import a_manifest
from tests.system.compose_project import compose, project  # noqa: F401

pytestmark = pytest.mark.engine
SLEEPS = '{image: "busybox:1", init: true, command: sleep 600}'
SERVICES = f"services: {{db: {SLEEPS}, web: {SLEEPS}, worker: {SLEEPS}}}"


@pytest.fixture
def site(project: Path) -> Site:  # noqa: F811
    """Services db, web and worker; worker has been stopped by a person."""
    release = compose(project, SERVICES)
    (project / ".env").touch()
    manifest = a_manifest(
        application=Application("vault", "Vault", "2.1.2", project.name),
    )
    (project / "manifest.json").write_bytes(dump_manifest(manifest))
    release.up()
    release.stop(["worker"], timeout_seconds=0)
    return Site(project, Console(story=StringIO()))


def running(site: Site) -> set[str | None]:
    containers = Engine.connect().containers(project=site.release.name)
    return {container.service for container in containers if container.is_running}


def test_services_are_away_from_the_database_only_as_long_as_they_must(site: Site) -> None:
    with site.only_the_database():
        assert running(site) == {"db"}
    assert running(site) == {"db", "web"}


@pytest.mark.parametrize("obstacle", [Refused("no room"), KeyboardInterrupt(), ZeroDivisionError()])
def test_services_come_back_after_a_refusal_and_after_ctrl_c(site: Site, obstacle: BaseException) -> None:
    with pytest.raises(type(obstacle)), site.only_the_database():
        raise obstacle
    assert running(site) == {"db", "web"}


def test_a_service_that_crashes_again_and_again_is_kept_away_too(site: Site) -> None:
    crashing = '{image: "busybox:1", command: "false", restart: always}'
    compose(site.release, SERVICES.replace("worker: " + SLEEPS, "worker: " + crashing)).up(["worker"])
    with site.only_the_database():
        state = {c.service: c.state for c in Engine.connect().containers(project=site.release.name)}
        assert state == {"db": "running", "web": "exited", "worker": "exited"}


def test_the_database_is_the_service_not_what_a_person_runs_beside_it(site: Site) -> None:
    words = ("run", "--detach", "--env", "MARIADB_DATABASE=other", "db", "sleep", "600")
    output_of(site.compose().command(*words))
    site.compose().stop(["db"], timeout_seconds=0)
    with pytest.raises(Refused) as refused:
        site.database()
    assert refused.value.happened == "The database is not running: service db."


def test_services_stay_away_from_half_a_database(site: Site) -> None:
    with pytest.raises(Stuck), site.only_the_database():
        raise Stuck("half")
    assert running(site) == {"db"}


@pytest.mark.parametrize(
    ("end", "before"),
    [(None, ()), (FailedAndRestored("Not restored.", details=["why"]), ("Not restored.", "why"))],
)
def test_services_that_do_not_start_again_need_a_person(
    site: Site, end: BaseException | None, before: tuple[str, ...]
) -> None:
    """Whatever became of the restore: nobody is served, which is no success and no way back."""
    site.compose().stop(["web"], timeout_seconds=0)
    text = SERVICES.replace(f"web: {SLEEPS}", f'web: {SLEEPS[:-1]}, volumes: ["./gone/file:/file"]}}')
    (site.release / "gone").mkdir()
    (site.release / "gone/file").touch()
    compose(site.release, text).up(["web"])
    with pytest.raises(Stuck) as stuck, site.only_the_database():
        shutil.rmtree(site.release / "gone")
        (site.release / "gone").touch()
        if end is not None:
            raise end
    assert (stuck.value.exit_code, stuck.value.happened) == (
        7,
        "The stopped services could not be restarted: web",
    )
    assert stuck.value.details[: len(before)] == before
    assert len(stuck.value.details) > len(before)
    assert stuck.value.hint == f"Fix the cause, then run in {site.release}: docker compose up -d"
    assert running(site) == {"db"}


def test_nothing_is_stopped_that_would_start_without_its_data(site: Site) -> None:
    """The engine makes an empty folder for a mount with an SELinux label, whatever Compose is told."""
    web = f'web: {SLEEPS[:-1]}, volumes: ["./papers:/papers:z"]}}'
    (site.release / "papers").mkdir()
    compose(site.release, SERVICES.replace(f"web: {SLEEPS}", web)).up(["web"])
    (site.release / "papers").rmdir()
    with pytest.raises(Refused) as refused, site.only_the_database():
        pass
    assert (refused.value.happened, refused.value.details) == (
        "Services would restart without their data. Nothing was changed.",
        (f"web needs {site.release}/papers, which is missing.",),
    )
    assert running(site) == {"db", "web"}
    assert not (site.release / "papers").exists()
