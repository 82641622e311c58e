from dataclasses import replace
from pathlib import Path

import pytest

from installer.bundle.layout import MANIFEST
from installer.bundle.manifest.manifest import Manifest
from installer.bundle.manifest.manifest_file import dump_manifest
from installer.errors import Refused
from installer.operations.adaptations.choose_adaptations import Chosen, KeepRequest, choose
from installer.operations.adaptations.find_adaptations import Adaptations, Edited, Override, find_adaptations
from installer.site.running.installation import Installation
from installer.system.compose.compose import Compose, ComposeModel
from tests.bundle.builders import CONTENTS, a_manifest

COMPOSE, OVERRIDE, NGINX = "docker-compose.yml", "docker-compose.override.yml", "proxy/nginx.conf"
NEW = {**CONTENTS, COMPOSE: b"services: {web: {}}\n", NGINX: b"events { of 2.1.2 }\n"}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A release directory of 2.1.1, as it was delivered."""
    for name, content in CONTENTS.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / MANIFEST).write_bytes(dump_manifest(a_manifest(CONTENTS)))
    return tmp_path


def new() -> Manifest:
    return replace(a_manifest(NEW), state=("uploads",))


def installed(directory: Path, *files: str) -> Installation:
    compose = Compose(directory, tuple(str(directory / file) for file in files), "vault")
    return Installation(compose, ComposeModel("vault", {}, {}), (), "2.1.1")


def found(directory: Path, *files: str) -> Adaptations:
    return find_adaptations(installed(directory, COMPOSE, *files), new(), directory / "elsewhere")


def test_nothing_is_found_in_a_directory_that_is_as_it_was_delivered(old: Path) -> None:
    assert found(old) == Adaptations()
    assert find_adaptations(None, new(), old) == Adaptations()


def test_edited_and_added_files_are_found_but_not_programs_guides_and_migrations(old: Path) -> None:
    for name in CONTENTS:
        (old / name).write_bytes(b"edited\n")
    (old / "proxy" / "extra.conf").write_text("own")
    (old / "notes.txt").write_text("own")
    assert found(old).edited == (
        Edited(COMPOSE, is_compose_file=True),
        Edited(NGINX, is_compose_file=False),
        Edited("proxy/extra.conf", is_compose_file=False),
    )


def test_a_site_that_is_ahead_of_the_release_by_the_same_edit_has_nothing_to_keep(old: Path) -> None:
    (old / NGINX).write_bytes(NEW[NGINX])
    assert found(old) == Adaptations()


def test_without_a_manifest_the_new_releases_files_are_compared(old: Path) -> None:
    (old / MANIFEST).unlink()
    assert found(old).edited == (Edited(NGINX, is_compose_file=False),)


def test_override_files_are_found_whether_they_are_used_or_not(old: Path) -> None:
    for name in (OVERRIDE, "compose.override.yaml"):
        (old / name).write_text("services: {}\n")
    assert found(old, OVERRIDE, "../site.yml").overrides == (
        Override(OVERRIDE, old / OVERRIDE, is_used=True),
        Override("../site.yml", old / "../site.yml", is_used=True),
        Override("compose.override.yaml", old / "compose.override.yaml", is_used=False),
    )


def test_what_is_asked_for_is_kept_and_an_override_only_when_it_is_used(old: Path) -> None:
    for name in (OVERRIDE, "compose.override.yaml"):
        (old / name).write_text("services: {}\n")
    installation = installed(old, COMPOSE, OVERRIDE)
    adaptations = find_adaptations(installation, new(), old / "elsewhere")
    asked = KeepRequest((NGINX, str(old / NGINX)), "keep")
    assert choose(asked, adaptations, installation, new()) == Chosen(
        (NGINX,), (OVERRIDE,), (str(old / OVERRIDE),)
    )
    assert choose(KeepRequest(), adaptations, installation, new()) == Chosen()


def test_everything_that_cannot_be_kept_is_named_with_its_reason(old: Path) -> None:
    installation = installed(old, COMPOSE)
    asked = KeepRequest(("airlock", COMPOSE, "uploads/a", "../x", "proxy/gone.conf"))
    with pytest.raises(Refused) as refused:
        choose(asked, Adaptations(), installation, new())
    assert refused.value.details == (
        "airlock: is not a file that a site may change",
        "docker-compose.yml: is a compose file; put your changes into docker-compose.override.yml",
        "uploads/a: is not a file that a site may change",
        "../x: leaves the directory through `..`",
        f"proxy/gone.conf: there is no such file in {old}",
    )
