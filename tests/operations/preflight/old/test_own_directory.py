from pathlib import Path

import pytest

from installer.operations.preflight.findings.finding import failed
from installer.operations.preflight.old.own_directory import (
    judge_own_directory,
    other_services,
    unpacked_over,
)
from installer.site.running.installation import Installation
from installer.system.compose.compose import Compose, ComposeModel, Service
from tests.operations.preflight.containers import a_container

MODEL = ComposeModel("vault", {"web": Service("web", "web:2", None, {}, (), (), (), False, "no")}, {})
COMPOSE = Compose(Path("/srv/vault"), ("docker-compose.yml",), "vault")


def test_services_that_differ_from_the_files_or_are_not_in_them_do_not_run_from_these_files() -> None:
    up = (a_container("web"), a_container("gone"), a_container("job", state="exited"))
    installation = Installation(COMPOSE, MODEL, up, None)
    assert other_services(installation, {"web": ["image"]}) == ["gone", "web"]


def test_a_release_that_was_started_by_hand_in_its_directory_runs_from_its_files() -> None:
    assert other_services(Installation(COMPOSE, MODEL, (a_container("web"),), None), {}) == []


def test_a_package_unpacked_over_the_running_release_stands_against_it() -> None:
    assert unpacked_over(["web"]) == failed(
        "The package was unpacked over the directory of the running release.",
        ["web"],
        hint="Put the old release's files back, and unpack the package beside them: tar -xzf PACKAGE",
    )
    assert list(judge_own_directory("2.1.1", "2.1.2", [])) == [unpacked_over(["Installed in it: 2.1.1"])]
    assert list(judge_own_directory(None, "2.1.2", ["db", "web"])) == [
        unpacked_over(["Services that differ from their files: db, web"])
    ]


@pytest.mark.parametrize("recorded", [None, "2.1.2"])
def test_a_release_in_its_own_directory_passes(recorded: str | None) -> None:
    assert list(judge_own_directory(recorded, "2.1.2", [])) == []
