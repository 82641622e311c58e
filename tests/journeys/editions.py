"""Packages with another compose file than the engineer wrote, which verify all the same."""

from collections.abc import Callable
from pathlib import Path

from tests.faults.crafted import say_otherwise
from tests.journeys.site import ENV, Site

PROXY_THAT_ENDS = (
    "container_name: vault-proxy\n    restart: unless-stopped",
    'container_name: vault-proxy\n    command: ["sh", "-c", "sleep 1; exit 3"]',
)

PINNED_DATA = "{type: bind, source: ./data/mariadb, target: /var/lib/mysql, bind: {create_host_path: false}}"


def edit_compose(release: Path, *edits: tuple[str, str]) -> None:
    """Edit the compose file of an unpacked package, and list it anew."""
    compose = release / "docker-compose.yml"
    text = compose.read_text()
    for before, after in edits:
        assert text.count(before) == 1
        text = text.replace(before, after)
    compose.write_text(text)
    say_otherwise(release)


def in_a_volume(release: Path) -> None:
    """The database's files in a named volume instead of a folder."""
    compose = release / "docker-compose.yml"
    compose.write_text(compose.read_text() + "\nvolumes:\n  database: {}\n")
    edit_compose(release, (PINNED_DATA, "database:/var/lib/mysql"))


def asks_seldom(release: Path) -> None:
    """Health checks that run often until a service is healthy, and seldom afterwards: they cost the most."""
    compose = release / "docker-compose.yml"
    lines = compose.read_text().splitlines(keepends=True)
    compose.write_text("".join(map(_seldom, lines)))
    say_otherwise(release)


def _seldom(line: str) -> str:
    blanks, key, value = line.partition("interval:")
    if not key or blanks.strip() or value.strip() != "2s":
        return line
    return f"{blanks}interval: 30s\n{blanks}start_interval: 500ms\n{blanks}start_period: 60s\n"


def as_it_is(_release: Path) -> None:
    """The package's own compose file, with the database in a folder."""


def unpacked(site: Site, package: Path, edit: Callable[[Path], None]) -> Path:
    """The release directory of a package after this edit."""
    release = site.unpack(package)
    edit(release)
    return release


def install(site: Site, package: Path, edit: Callable[[Path], None]) -> Path:
    """A fresh installation of the package after this edit, with customers' data."""
    release = unpacked(site, package, edit)
    (release / ".env").write_text(ENV)
    ended = site.import_(release)
    assert ended.code == 0, ended.told
    site.seed()
    return release
