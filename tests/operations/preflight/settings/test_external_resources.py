"""External networks and volumes, files of secrets, profiles: known before anything changes."""

from dataclasses import replace
from pathlib import Path

import pytest

from installer.operations.preflight.findings.finding import failed
from installer.operations.preflight.findings.surroundings import look_at_surroundings
from installer.operations.preflight.settings.external_resources import (
    check_outside,
    judge_files,
    judge_networks,
    judge_profiles,
    judge_volumes,
    missing_files,
    missing_networks,
    missing_volumes,
)
from installer.operations.preflight.settings.required_settings import SettingsFile
from installer.system.compose.compose import ComposeModel, Mount, Service
from installer.system.docker.docker import Engine
from tests.bundle.builders import a_manifest
from tests.operations.decisions.test_shared_data import situation
from tests.system.compose_project import compose, project

__all__ = ["project"]

WEB = Service("web", "web:1", None, {}, (), (), (), False, "no")


def model(**changes: object) -> ComposeModel:
    """One service that uses an external network and volume, among networks and volumes of other kinds."""
    mounts = (Mount("volume", "shared", "/s", False), Mount("volume", "own", "/o", False))
    web = replace(WEB, networks=("proxy", "default"), mounts=mounts)
    return ComposeModel(
        "vault",
        {"web": replace(web, **changes)},
        {"shared": "common", "own": "vault_own", "unused": "unused"},
        frozenset({"common", "unused"}),
        {"proxy": "edge", "default": "vault_default", "unused": "unused"},
        frozenset({"edge", "unused"}),
    )


def test_external_networks_and_volumes_that_an_active_service_uses_must_be_there() -> None:
    assert (missing_networks(model(), []), missing_volumes(model(), [])) == (["edge"], ["common"])
    assert (missing_networks(model(), ["edge"]), missing_volumes(model(), ["common"])) == ([], [])


def test_what_is_missing_is_named_with_what_to_run() -> None:
    assert [*judge_networks(["a", "b"]), *judge_volumes(["common"]), *judge_files(["/srv/key"])] == [
        failed(
            "External networks that the release uses are missing.",
            ["a", "b"],
            hint="Create them: docker network create a && docker network create b",
        ),
        failed(
            "External volumes that the release uses are missing.",
            ["common"],
            hint="If they should contain data, restore them first."
            " To create empty ones: docker volume create common",
        ),
        failed(
            "Files of secrets or configs that the services read are missing.",
            ["/srv/key"],
            hint="Put each file in its place, then run the command again.",
        ),
    ]
    assert [*judge_networks([]), *judge_volumes([]), *judge_files([])] == []


def test_files_that_the_site_provides_are_not_named_twice(tmp_path: Path) -> None:
    (tmp_path / "shipped").touch()
    names = ("shipped", "secrets/key", "keys/named", "gone")
    files = tuple(Mount("bind", str(tmp_path / name), f"/{name}", True) for name in names)
    seen = situation(tmp_path, "copy")
    seen = replace(seen, model=model(files=files), manifest=replace(a_manifest(), state=("secrets",)))
    seen = replace(seen, missing_files=("keys/named",))
    assert missing_files(replace(seen, plan=replace(seen.plan, release=tmp_path))) == [str(tmp_path / "gone")]


def test_a_release_or_a_database_that_no_active_profile_starts_is_named() -> None:
    dormant = {"db": replace(WEB, profiles=("store",)), "web": replace(WEB, profiles=("front", "all"))}
    hint = "Set the profiles to start in /new/.env, for example: COMPOSE_PROFILES={}"
    own = SettingsFile(Path("/new/.env"), Path("/new/.env"))
    judged = [
        *judge_profiles(["proxy"], dormant, ["db"], replace(own, path=Path("/old/.env"))),
        *judge_profiles([], dormant, [], own),
        *judge_profiles(["web"], dormant, [], own),
        *judge_profiles([], {}, [], own),
    ]
    assert judged == [
        failed(
            "The database db is in a profile that is not active.",
            ["store"],
            hint="Run: cp -a /old/.env /new/.env; then: " + hint.format("store"),
        ),
        failed(
            "All services of the release are in profiles, and none of these is active.",
            ["all, front, store"],
            hint=hint.format("all"),
        ),
    ]


@pytest.mark.engine
def test_compose_and_the_engine_say_what_is_missing(project: Path, engine: Engine) -> None:
    text = """
services:
  web: {image: "busybox:1", networks: [edge], volumes: ["shared:/s"], secrets: [key], configs: [rules]}
  job: {image: "busybox:1", networks: [later], profiles: [once]}
networks: {edge: {external: true, name: NAME-edge}, later: {external: true}}
volumes: {shared: {external: true, name: NAME-s}}
secrets: {key: {file: ./key}}
configs: {rules: {file: ./rules}}
"""
    release = compose(project, text.replace("NAME", project.name))
    seen = situation(project, "copy")
    seen = replace(seen, compose=release, model=release.model(), plan=replace(seen.plan, release=project))
    found = list(check_outside(look_at_surroundings(seen, engine)))
    assert [one.details for one in found] == [
        (f"{project.name}-edge",),
        (f"{project.name}-s",),
        (f"{project}/key", f"{project}/rules"),
    ]
