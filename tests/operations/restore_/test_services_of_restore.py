"""The services of a release are away from its database only as long as a restore needs it alone."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Application
from installer.bundle.manifest.manifest_file import dump_manifest
from installer.errors import Refused, Stuck
from installer.operations.plan.restore_plan import dump_restore_plan
from installer.operations.release_directory import Site
from installer.operations.restore_.restoration import restoration_of
from installer.operations.restore_.start_services_again import start_services_again
from installer.operations.restore_.stop_running_services import stop_running_services
from installer.screen.console import Console
from installer.site.paths import runs_folder
from installer.site.running.lost_mounts import refuse_lost_mounts
from installer.site.running.troubled_services import troubled
from installer.system.clock import utc_now
from installer.system.docker.docker import Engine
from installer.system.process.process import output_of
from installer.workflow.journal import begin_run
from installer.workflow.step import Step, run_steps, undo_steps
from tests.bundle.builders import a_manifest
from tests.operations.plan.test_restore_plan import PLAN
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


def restoring(site: Site, body: Callable[[], None]) -> None:
    """Stops the services, carries out the body, starts them again; undoes that if one fails."""
    services = site.services_beside_databases()
    trouble = troubled(site.containers(), utc_now())
    healthy = tuple(name for name in services if name not in trouble)
    plan = replace(PLAN, running_services=services, healthy_services=healthy)
    journal = begin_run(runs_folder(site.release), plan.run_name, dump_restore_plan(plan), verb="restore")
    run = restoration_of(plan, journal, site, 20.0)
    steps = (
        stop_running_services(run),
        Step("body", "", do=lambda: body() or ""),
        start_services_again(run),
    )
    try:
        run_steps(steps, first=1, total=2, journal=journal, console=site.console)
    except BaseException:
        undo_steps(steps, journal=journal, console=site.console)
        raise


def test_services_are_away_from_the_database_only_as_long_as_they_must(site: Site) -> None:
    seen: list[set[str | None]] = []
    restoring(site, lambda: seen.append(running(site)))
    assert (seen, running(site)) == ([{"db"}], {"db", "web"})


@pytest.mark.parametrize("obstacle", [Refused("no room"), KeyboardInterrupt(), ZeroDivisionError()])
def test_services_come_back_after_a_refusal_and_after_ctrl_c(site: Site, obstacle: BaseException) -> None:
    def body() -> None:
        raise obstacle

    with pytest.raises(type(obstacle)):
        restoring(site, body)
    assert running(site) == {"db", "web"}


def test_a_service_that_crashes_again_and_again_is_kept_away_too(site: Site) -> None:
    crashing = '{image: "busybox:1", command: "false", restart: always}'
    compose(site.release, SERVICES.replace("worker: " + SLEEPS, "worker: " + crashing)).up(["worker"])
    state: dict[str | None, str] = {}

    def look() -> None:
        state.update({c.service: c.state for c in Engine.connect().containers(project=site.release.name)})

    restoring(site, look)
    assert state == {"db": "running", "web": "exited", "worker": "exited"}


def test_the_database_is_the_service_not_what_a_person_runs_beside_it(site: Site) -> None:
    words = ("run", "--detach", "--env", "MARIADB_DATABASE=other", "db", "sleep", "600")
    output_of(site.compose().command(*words))
    site.compose().stop(["db"], timeout_seconds=0)
    with pytest.raises(Refused) as refused:
        site.database()
    assert refused.value.happened == "The database is not running: service db."


def test_services_that_do_not_start_again_need_a_person(site: Site) -> None:
    site.compose().stop(["web"], timeout_seconds=0)
    text = SERVICES.replace(f"web: {SLEEPS}", f'web: {SLEEPS[:-1]}, volumes: ["./gone/file:/file"]}}')
    (site.release / "gone").mkdir()
    (site.release / "gone/file").touch()
    compose(site.release, text).up(["web"])

    def lose() -> None:
        shutil.rmtree(site.release / "gone")
        (site.release / "gone").touch()

    with pytest.raises(Stuck) as stuck:
        restoring(site, lose)
    assert (stuck.value.exit_code, stuck.value.happened) == (
        7,
        "The stopped services could not be restarted: web",
    )
    assert len(stuck.value.details) > 0
    assert stuck.value.hint == f"Fix the cause, then run in {site.release}: docker compose up -d"
    assert running(site) == {"db"}


def test_nothing_is_stopped_that_would_start_without_its_data(site: Site) -> None:
    """The engine makes an empty folder for a mount with an SELinux label, whatever Compose is told."""
    web = f'web: {SLEEPS[:-1]}, volumes: ["./papers:/papers:z"]}}'
    (site.release / "papers").mkdir()
    compose(site.release, SERVICES.replace(f"web: {SLEEPS}", web)).up(["web"])
    (site.release / "papers").rmdir()
    with pytest.raises(Refused) as refused:
        refuse_lost_mounts(site.compose(), site.services_beside_databases())
    assert (refused.value.happened, refused.value.details) == (
        "Services would restart without their data. Nothing was changed.",
        (f"web needs {site.release}/papers, which is missing.",),
    )
    assert running(site) == {"db", "web"}
    assert not (site.release / "papers").exists()
