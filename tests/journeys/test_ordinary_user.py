"""Imports by somebody who is not root: what needs no root is done, and the rest is refused in words."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.notes import ENDS, SERVES, SETTINGS, export_notes
from tests.journeys.packages import Packages
from tests.journeys.site import ENV, Ended, Site
from tests.testbed.person import PERSON, Person, person_of
from tests.testbed.servers import Servers

pytestmark = pytest.mark.engine

VERSIONS = {"1.0.0": SERVES, "2.0.0": SERVES, "3.0.0": ENDS}


@pytest.fixture(scope="module")
def notes(packages: Packages, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Packages of all versions."""
    folder = tmp_path_factory.mktemp("notes")
    return [export_notes(packages, folder, version, command) for version, command in VERSIONS.items()]


@pytest.fixture
def person(servers: Servers) -> Iterator[Person]:
    with person_of(servers["offline"]) as person:
        yield person
        person.site.remove()


def unpacked(person: Person, package: Path) -> Path:
    """The release directory of a package that this person has unpacked."""
    folder = person.site.folder
    person.owns(Path(shutil.copy(package, folder)))
    assert person.types(folder, "tar", "-xzf", package.name).code == 0
    return folder / package.name.removesuffix(".tar.gz")


def greeting(site: Site) -> tuple[str, str]:
    """The release that runs, and what it was given."""
    words = "cat /etc/notes.conf; echo $GREETING $NOTES_KEY"
    told = site.server.output_of("docker", "exec", "notes-web-1", "sh", "-c", words).splitlines()
    return told[0], told[1]


def look(path: Path) -> tuple[int, int, bytes]:
    return path.stat().st_uid, path.stat().st_mode & 0o7777, path.read_bytes()


@pytest.mark.long
@pytest.mark.parametrize("mode", [0o755, 0o711], ids=["readable parent", "parent that nobody else may read"])
def test_a_member_of_the_engines_group_installs_upgrades_and_goes_back(
    person: Person, notes: list[Path], mode: int
) -> None:
    old, new, failing = (unpacked(person, package) for package in notes)
    os.chown(person.site.folder, 0, 0)
    person.site.folder.chmod(mode)
    for name, content in SETTINGS.items():
        (old / name).write_text(content)
        (old / name).chmod(0o640)
        person.owns(old / name)
    brought = [look(old / name) for name in SETTINGS]

    assert done(person.types(old, "./import-package.sh", "--yes")) == 0
    assert done(person.types(new, "./import-package.sh", "--yes")) == 0
    assert greeting(person.site) == ("2.0.0", "hello 4f2a")
    assert [look(new / name) for name in SETTINGS] == brought
    assert done(person.types(failing, "./import-package.sh", "--yes", "--on-failure", "rollback")) == 6
    assert greeting(person.site) == ("2.0.0", "hello 4f2a")
    assert done(person.types(new, "./airlock", "rollback", "--yes")) == 0
    assert greeting(person.site) == ("1.0.0", "hello 4f2a")
    assert {path.lstat().st_uid for path in person.site.folder.rglob("*")} == {PERSON}


def done(ended: Ended) -> int:
    """The exit code of a command that told only what is meant for people."""
    assert not any(words in ended.told for words in ("Traceback", "bug in Airlock")), ended.told
    return ended.code


@pytest.mark.long
def test_a_package_that_cannot_be_unpacked_here_is_refused_in_words(
    person: Person, notes: list[Path]
) -> None:
    old, folder = unpacked(person, notes[0]), person.site.folder
    shutil.copy(notes[1], folder)
    os.chown(folder, 0, 0)
    folder.chmod(0o711)
    ended = person.types(old, "./airlock", "import", f"../{notes[1].name}", "--yes")
    hidden = f"{folder}/.{notes[1].name.removesuffix('.tar.gz')}.unpacking"
    assert (ended.code, ended.told) == (3, f"Error: {hidden} cannot be written: Permission denied.\n")


@pytest.mark.database
def test_data_that_containers_write_is_left_to_root(person: Person, packages: Packages) -> None:
    release = unpacked(person, packages["2.1.1"])
    (release / ".env").write_text(ENV)
    person.owns(release / ".env")
    before = sorted(release.rglob("*"))
    ended = person.types(release, "./import-package.sh", "--yes")
    assert (ended.code, ended.told[ended.told.index("Error: ") :]) == (
        3,
        "Error: The preflight found 1 problem; nothing was changed.\n"
        "  Containers write as other users: only root can carry their files over or delete them again.\n"
        f"    {release}/data\n"
        f"    {release}/logs\n"
        f"    {release}/uploads\n"
        "  → Run the command with sudo.\n"
        "→ Fix it, then run the command again.\n",
    )
    assert [path for path in sorted(release.rglob("*")) if ".airlock" not in path.parts] == before
    assert person.site.containers() == {}
