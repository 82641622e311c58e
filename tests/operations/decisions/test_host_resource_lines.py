from dataclasses import replace
from pathlib import Path

import pytest

from installer.operations.decisions.host_resource_lines import host_resource_lines
from installer.site.running.profiles import dormant_services, with_dormant
from installer.system.compose.compose import ComposeModel, Mount, Service
from tests.operations.decisions.test_shared_data import situation
from tests.system.compose_project import compose, project

__all__ = ["project"]

MOUNTS = tuple(Mount("volume", key, f"/{key}", False) for key in ("new", "old", "shared", ""))
WEB = Service("web", "i", None, {}, MOUNTS, (), (), False, "no", networks=("own", "proxy"), profiles=("all",))
MODEL = ComposeModel(
    "vault",
    {"web": WEB},
    {"new": "vault_new", "old": "vault_old", "shared": "common", "unused": "vault_unused"},
    frozenset({"common"}),
    {"own": "vault_own", "proxy": "edge"},
    frozenset({"edge"}),
)


def test_the_plan_names_volumes_networks_and_profiles(tmp_path: Path) -> None:
    assert list(host_resource_lines(replace(situation(tmp_path, "copy"), model=MODEL))) == [
        "New volumes: vault_new",
        "Existing volumes, used as they are: vault_old",
        "External volumes: common",
        "External networks: edge",
        "Active profiles: all",
    ]


@pytest.mark.engine
def test_the_plan_names_what_compose_knows_of_profiles_and_variables(project: Path) -> None:
    text = """
services:
  web: {image: "busybox:1", command: "echo ${NOTHING} ${X:-1}"}
  job: {image: "busybox:1", profiles: [once, all]}
"""
    release = compose(project, text)
    model = release.model()
    dormant = dormant_services(model, with_dormant(model, release))
    seen = replace(situation(project, "copy"), compose=release, model=model, dormant=dormant)
    assert list(host_resource_lines(seen)) == [
        "Not started, because the profile is not active: job (once, all)",
        "Variables without a value, taken as empty: NOTHING",
    ]
