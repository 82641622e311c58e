"""Scripts that Linux cannot start are named before they are packed or built into an image."""

from pathlib import Path

from packager.image_build.windows_line_ends import windows_line_ends
from packager.project.project import find_project
from tests.packager.desks.checkouts import checkout_of_windows, commit
from tests.packager.projects import shop

SCRIPT = "#!/bin/sh\necho started\n"
NAMED = "Linux cannot start scripts with Windows line ends (CRLF): "


def test_a_script_in_a_build_context_of_a_windows_checkout_is_named(tmp_path: Path) -> None:
    project = commit(shop(tmp_path / "here", **{"web/start.sh": SCRIPT, "docs/make.sh": SCRIPT}))
    clone = checkout_of_windows(project, tmp_path / "there/shop")
    (warning,) = windows_line_ends(find_project(clone))
    assert warning == (
        f"{NAMED}web/start.sh. Add the line `*.sh text eol=lf` to .gitattributes, commit it, delete these "
        "files and run: git checkout -- ."
    )
    assert list(windows_line_ends(find_project(project))) == []


def test_a_script_that_is_packed_with_windows_line_ends_is_named(tmp_path: Path) -> None:
    project = shop(tmp_path, **{"proxy/nginx.conf": SCRIPT.replace("\n", "\r\n")})
    (warning,) = windows_line_ends(find_project(project))
    assert warning.startswith(f"{NAMED}proxy/nginx.conf. ")


def test_the_whole_project_may_be_the_context(tmp_path: Path) -> None:
    compose = "services: {web: {build: .}, db: {image: 'mariadb:10.11'}}\n"
    script = SCRIPT.replace("\n", "\r\n")
    project = commit(shop(tmp_path, **{"docker-compose.yml": compose, "deep/er/start": script}))
    (warning,) = windows_line_ends(find_project(project))
    assert warning.startswith(f"{NAMED}deep/er/start. ")
