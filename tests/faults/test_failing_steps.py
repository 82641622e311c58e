"""Whichever step fails, the old release runs again with exactly its data."""

import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from testbed.restart import restart_engine
from tests.faults.crafted import manifest_of, say_otherwise
from tests.faults.vault import PATIENCE_SECONDS, Vault, ended, error_of
from tests.journeys.editions import PROXY_THAT_ENDS, edit_compose
from tests.journeys.site import digests_of
from tests.testbed.terminal import Terminal

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]

NEVER_HEALTHY = """test: ["CMD", "false"]
      interval: 1s
      retries: 2
      start_period: 0s
      timeout: 1s
"""


@pytest.fixture
def release(vault: Vault, tmp_path: Path) -> Iterator[Path]:
    """2.1.2, freshly unpacked beside; the old release is compared before and after."""
    release = vault.release(tmp_path)
    before, papers = vault.picture(), digests_of(vault.old / "uploads")
    yield release
    assert (vault.picture(), digests_of(vault.old / "uploads")) == (before, papers)
    assert vault.site.version() == "2.1.1"
    assert not (release / "data").exists()
    shutil.rmtree(release)


def restored(reason: str, *, not_undone: str = "") -> tuple[int, str]:
    back = "The old release is back." if not_undone else "Everything is back as it was before."
    return (
        6,
        f"Error: The import failed. {back}\n"
        f"  {reason}\n{not_undone}"
        "→ No action needed: the old release is running."
        " Fix the cause (see the log), then run the import again.\n",
    )


HEALTHCHECK = """test: ["CMD", "healthcheck.sh", "--connect", "--innodb_initialized"]
      interval: 2s
      timeout: 5s
      retries: 30
"""


def test_a_new_database_that_is_not_healthy(vault: Vault, release: Path) -> None:
    edit_compose(release, (HEALTHCHECK, NEVER_HEALTHY))
    end = vault.site.import_(release)
    assert (end.code, error_of(end)) == restored("Service db is unhealthy by its health check.")
    assert "| " in end.told  # the last lines of its log


def test_a_service_that_ends_after_a_second(vault: Vault, release: Path) -> None:
    edit_compose(release, PROXY_THAT_ENDS)
    end = vault.site.import_(release)
    assert (end.code, error_of(end)) == restored("Service proxy exited with code 3.")


@pytest.mark.parametrize("state", ["copy", "move"])
def test_a_release_that_reports_another_version(vault: Vault, release: Path, state: str) -> None:
    say_otherwise(release, application=replace(manifest_of(release).application, version="2.1.9"))
    end = vault.site.import_(release, "--state", state, "--health-timeout", "20")
    moved = "" if state == "copy" else "  Not undone, because both releases use them: logs, uploads\n"
    failed = "The smoke check failed: http://127.0.0.1:8080/api/health"
    assert (end.code, error_of(end)) == restored(failed, not_undone=moved)
    assert "It reports version 2.1.2, not 2.1.9." in end.told


def test_a_service_that_is_not_healthy_in_time(vault: Vault, release: Path) -> None:
    edit_compose(release, ("interval: 2s\n      timeout: 5s\n      retries: 30", "interval: 1h"))
    end = vault.site.import_(release, "--health-timeout", "15")
    assert (end.code, error_of(end)) == restored("Not healthy after 15 s: db.")


# The engine's side


def disturbed(vault: Vault, release: Path, until: str, disturb: Callable[[], object]) -> tuple[int, str]:
    run = vault.start(release, "--health-timeout", "60", until=until)
    disturb()
    end = ended(run)
    return end.code, end.told


def test_the_old_database_killed_while_it_is_dumped(vault: Vault, ballast: None, release: Path) -> None:
    run = vault.start(release, until="started back-up")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not any(path.stat().st_size for path in (release / "backups").glob(".*.part")):
        assert time.monotonic() < deadline
    vault.site.server.output_of("docker", "kill", "vault-db")
    end = ended(run)
    assert (end.code, error_of(end)) == restored("The backup failed; no file was kept.")
    assert list((release / "backups").iterdir()) == []


def test_the_new_database_killed_while_services_start(vault: Vault, release: Path) -> None:
    def kill_it_under_the_backend() -> None:  # before, Compose would start it again
        deadline = time.monotonic() + PATIENCE_SECONDS
        while "vault-backend" not in vault.site.containers():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        vault.site.server.output_of("docker", "kill", "vault-db")

    code, told = disturbed(vault, release, "started start-services", kill_it_under_the_backend)
    assert code == 6, told


@pytest.mark.parametrize("step", ["back-up", "carry-over", "start-database", "start-services"])
def test_an_engine_that_is_restarted_meanwhile(vault: Vault, release: Path, step: str) -> None:
    """The engine is waited for, and the step is carried out once more."""
    code, told = disturbed(vault, release, f"started {step}", lambda: restart_engine(vault.site.server))
    assert (code, vault.site.version()) == (0, "2.1.2"), told
    back = vault.site.type(release, "./airlock", "rollback", "--yes")
    assert back.code == 0, back.told
    shutil.rmtree(release / "data", ignore_errors=True)


@pytest.mark.parametrize("title", ["[ 4/12]", "[ 5/12]"])
def test_an_engine_that_is_killed_before_the_border_stops_the_old_release_only_for_a_while(
    vault: Vault, release: Path, title: str
) -> None:
    """Containers that the engine must not start again by itself are started by the import."""
    server = vault.site.server
    names = server.output_of("docker", "ps", "--format", "{{.Names}}").split()
    server.output_of("docker", "update", "--restart", "no", *names)
    window = Terminal(
        server.command("./import-package.sh", "--dry-run"),
        release,
        {**vault.site.environment(), "LANG": "en_US.UTF-8"},
    )
    window.read_until(title)
    restart_engine(server, signal.SIGKILL)
    code, told = window.rest()
    server.output_of("docker", "update", "--restart", "unless-stopped", *names)
    assert code in (0, 3), told
    assert "The old release was started again and is running." in told


def test_the_old_database_paused_while_its_services_stop(vault: Vault, release: Path) -> None:
    code, told = disturbed(
        vault,
        release,
        "started stop-services",
        lambda: vault.site.server.output_of("docker", "pause", "vault-db"),
    )
    assert code == 7, told
    vault.site.server.output_of("docker", "unpause", "vault-db")
    back = vault.site.type(release, "./airlock", "rollback", "--yes")
    assert back.code == 0, back.told
