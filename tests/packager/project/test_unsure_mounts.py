"""Whose is a writable mount? Told, or asked where a guess could lose something."""

import subprocess
from pathlib import Path

import pytest

from installer.errors import UsageProblem
from packager.project.project import find_project
from packager.project.project_files import ProjectFiles
from tests.packager.projects import write


def project(folder: Path, volume: str, **files: str) -> Path:
    text = f"services:\n  web:\n    image: busybox:1\n    volumes: ['{volume}']\n"
    write(folder, {"compose.yml": text, **files})
    subprocess.run(("git", "init", "-q", "."), cwd=folder, check=True)
    subprocess.run(("git", "add", "."), cwd=folder, check=True)
    return folder


def test_a_writable_folder_that_git_tracks_is_shipped_and_told(tmp_path: Path) -> None:
    assert find_project(project(tmp_path, "./html:/srv", **{"html/index.html": "x"})).files == ProjectFiles(
        ("html/index.html",), (), (), (),
        (
            "services.web ./html: Git tracks this writable folder, so it is packed; data that "
            "containers write there is not carried over to the next release. To confirm this, "
            "mount it `:ro` or list it under `files:` in airlock.yml; if it contains site data, list "
            "it under `state:`.",
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "shipped", "state"),
    [("files: [html]", ("html/index.html",), ()), ("state: [html]", (), ("html",))],
)
def test_both_ways_out_are_silent(
    tmp_path: Path, settings: str, shipped: tuple[str, ...], state: tuple[str, ...]
) -> None:
    folder = project(tmp_path, "./html:/srv", **{"html/index.html": "x", "airlock.yml": settings})
    assert find_project(folder).files == ProjectFiles(shipped, state, (), ())


@pytest.mark.parametrize("target", ["/srv", "/var/lib/mysql"])
def test_a_folder_with_tracked_and_other_files_or_a_databases_must_be_decided(
    tmp_path: Path, target: str
) -> None:
    folder = project(tmp_path, f"./data:{target}", **{"data/seed": "x"})
    if target == "/srv":
        (folder / "data/upload").touch()
    with pytest.raises(UsageProblem) as refusal:
        find_project(folder)
    assert refusal.value.details == (
        "services.web ./data: this writable folder contains files tracked by Git and other files. "
        "If it is part of the release, mount it `:ro` or list it under `files:` in airlock.yml; if "
        "it contains site data, list it under `state:`.",
    )


def test_a_folder_that_only_git_is_made_to_keep_is_the_sites(tmp_path: Path) -> None:
    folder = project(tmp_path, "./data:/srv", **{"data/.gitkeep": "", "data/README.md": "x"})
    (folder / "data/upload").touch()
    assert find_project(folder).files == ProjectFiles((), ("data",), (), ())


def test_a_file_that_is_not_there_is_the_sites_and_told(tmp_path: Path) -> None:
    files = find_project(project(tmp_path, "./acme.json:/acme.json")).files
    assert (files.state, files.notes) == (
        ("acme.json",),
        (
            "services.web ./acme.json: this file is not in the project, so each site must create "
            "it before the import. To confirm this, list it under `state:` in airlock.yml; to pack "
            "it, create it and list it under `files:`.",
        ),
    )
    folder = project(tmp_path, "./acme.json:/acme.json", **{"airlock.yml": "state: [acme.json]"})
    assert find_project(folder).files.notes == ()


@pytest.mark.parametrize("socket", ["/var/run/docker.sock", "${SOCKET:-/run/docker.sock}"])
def test_a_service_that_talks_to_the_engine_is_told(tmp_path: Path, socket: str) -> None:
    written = socket.removeprefix("${SOCKET:-").removesuffix("}")
    files = find_project(project(tmp_path, f"{socket}:/var/run/docker.sock:ro")).files
    assert (files.left_alone, files.notes) == (
        (f"{written} (web)",),
        (
            f"services.web {written}: this service talks to the Docker engine of the site. Docker 29 refuses "
            "clients older than API 1.44: check that the program in the image supports it.",
        ),
    )
