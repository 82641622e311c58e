"""Engines that are no usual ones; those that are refused are met in tests/engines, too."""

from dataclasses import replace
from pathlib import Path

import pytest

from installer.operations.preflight.findings.finding import warning
from installer.operations.preflight.host.engine_host import judge_engine_host, snap_sees
from installer.system.docker.recognition.engine_kind import EngineKind

USUAL = EngineKind(False, False, False, kernel="6.12.1", oldest_api="1.24")
RELEASE = Path("/srv/vault_2.1.2_package")


def test_nothing_is_said_of_a_usual_engine() -> None:
    assert list(judge_engine_host(USUAL, RELEASE, "6.12.1")) == []


def test_everything_about_an_engine_is_said_at_once() -> None:
    odd = EngineKind(is_snap=True, is_rootless=True, shifts_owners=True, kernel="6.6.9", oldest_api="1.24")
    assert [(finding.level, finding.title) for finding in judge_engine_host(odd, RELEASE, "6.12.1")] == [
        ("failed", "The Docker engine runs on another machine, or in a virtual machine on this one."),
        ("failed", "The Docker engine runs without root (rootless)."),
        ("failed", "Docker was installed from snap, which does not see this directory."),
    ]


def test_an_engine_that_shifts_owners_for_root_is_a_warning() -> None:
    assert list(judge_engine_host(replace(USUAL, shifts_owners=True), RELEASE, "6.12.1")) == [
        warning(
            "The Docker engine maps the users of containers to other users of this machine (userns-remap).",
            ["Containers read only files that these users may read."],
            hint="Check that they may read the files of the release, or ask the vendor.",
        )
    ]


def test_a_snap_below_home_is_a_warning() -> None:
    home = Path("/home/admin/vault_2.1.2_package")
    assert list(judge_engine_host(replace(USUAL, is_snap=True), home, "6.12.1")) == [
        warning(
            "Docker was installed from snap, which sees only some folders.",
            ["Files that services mount must be below /home."],
        )
    ]


@pytest.mark.parametrize(
    ("place", "is_seen"),
    [
        ("/home/admin/vault", True),
        ("/home/admin/apps/.old/vault", True),
        ("/home/admin/.apps/vault", False),
        ("/home/admin", False),
        ("/home/../srv/vault/package", False),
        ("/srv/vault", False),
        ("/opt/home/admin/vault", False),
        ("/root/vault", False),
        ("/tmp/vault/package/x", False),
    ],
)
def test_a_snap_sees_folders_in_homes(place: str, is_seen: bool) -> None:
    assert snap_sees(Path(place)) == is_seen
