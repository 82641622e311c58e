from dataclasses import replace
from typing import Any

import pytest

from installer.system.docker.recognition.engine_kind import EngineKind, parse_kind
from tests.engines.answering import recorded

USUAL = EngineKind(False, False, False, kernel="6.12.1", oldest_api="1.24")


def kind_of(**info: Any) -> EngineKind:
    answers = recorded("docker-26.1.5", KernelVersion="6.12.1", **info)
    return parse_kind(answers["version"], answers["info"])


def test_an_engine_that_was_installed_as_usual_is_told_from_others() -> None:
    assert kind_of() == USUAL
    assert kind_of(DockerRootDir="/var/snap/docker/common/var-lib-docker") == replace(USUAL, is_snap=True)


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        (None, USUAL),
        (["name=seccomp,profile=builtin", "name=cgroupns"], USUAL),
        (["name=rootless", "name=cgroupns"], replace(USUAL, is_rootless=True, shifts_owners=True)),
        (["name=seccomp,profile=builtin", "name=userns"], replace(USUAL, shifts_owners=True)),
    ],
)
def test_an_engine_that_shifts_owners_is_known_by_its_security_options(
    options: list[str] | None, kind: EngineKind
) -> None:
    assert kind_of(SecurityOptions=options) == kind


def test_an_engine_that_names_no_oldest_version_accepts_all() -> None:
    answers = recorded("docker-26.1.5", version={"MinAPIVersion": None}, KernelVersion="6.12.1")
    assert parse_kind(answers["version"], answers["info"]) == replace(USUAL, oldest_api="1.0")
