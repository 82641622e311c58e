"""The main journeys on a site as dirty as real ones, in both languages."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from testbed.dirty.installation import (
    NETWORK,
    SETTINGS,
    DirtyInstallation,
    application_answers,
    bring_what_the_site_provides,
)
from tests.journeys.dirty.admin import Admin, english, korean, too_wide
from tests.journeys.packages import Packages
from tests.journeys.site import Site, digests_of

pytestmark = [pytest.mark.engine, pytest.mark.database]

BY_HAND = ("--from", "../고객 금고")
LANGUAGES = [korean, pytest.param(english, marks=pytest.mark.long)]


@dataclass(frozen=True)
class Brought:
    """A file that the site brought, as it must stay: what it is, who has it, what is in it."""

    link: str
    owner: int
    mode: int
    content: bytes


def brought(path: Path) -> Brought:
    status = path.stat()
    link = str(path.readlink()) if path.is_symlink() else ""
    return Brought(link, status.st_uid, status.st_mode & 0o7777, path.read_bytes())


def all_brought(directory: Path) -> dict[str, Brought]:
    names = (".env", "backend.env", "secrets/root_password.txt", "secrets/mail_key")
    return {name: brought(directory / name) for name in names}


@pytest.mark.long
@pytest.mark.parametrize("who", LANGUAGES)
def test_a_site_that_was_lived_in_goes_forward_and_back_and_keeps_all_that_it_brought(
    dirty_host: Site, dirty_packages: Packages, lived_in: DirtyInstallation, who: Callable[[Site], Admin]
) -> None:
    site, admin, old = dirty_host, who(dirty_host), lived_in.directory
    before, papers, theirs = site.dump(), digests_of(old / "uploads"), all_brought(old)

    release = site.unpack(dirty_packages["2.1.2"])
    ended = admin.types(release, "./import-package.sh", "--on-failure", "rollback", *BY_HAND, answer="y")
    assert (ended.code, site.version()) == (0, "2.1.2"), ended.told
    assert too_wide(ended.told) == []
    assert all_brought(release) == theirs
    assert digests_of(release / "uploads") == papers
    assert ("docker-compose.override.yml" in ended.told, "nginx.conf" in ended.told) == (True, True)

    after = site.dump()
    backed_up = admin.types(release, "./airlock", "backup")
    assert backed_up.code == 0, backed_up.told
    site.sql("UPDATE users SET name = 'gone'")
    restored = admin.types(release, "./airlock", "restore", "--yes")
    assert (restored.code, site.dump()) == (0, after), restored.told

    failing = site.unpack(dirty_packages["2.1.3"])
    ended = admin.types(
        failing, "./import-package.sh", "--yes", "--rehearse", "never", "--on-failure", "rollback"
    )
    assert (ended.code, site.dump(), site.version()) == (6, after, "2.1.2"), ended.told
    assert all_brought(release) == theirs

    back = admin.types(release, "./airlock", "rollback", answer="y")
    assert (back.code, site.dump(), site.version()) == (0, before, "2.1.1"), back.told
    assert (all_brought(old), brought(lived_in.settings).content) == (theirs, SETTINGS)
    assert digests_of(old / "uploads") == papers


@pytest.mark.parametrize("who", LANGUAGES)
def test_a_first_installation_is_told_all_that_the_site_lacks_and_then_works(
    dirty_host: Site, dirty_packages: Packages, who: Callable[[Site], Admin]
) -> None:
    site, admin = dirty_host, who(dirty_host)
    release = site.unpack(dirty_packages["2.1.1"])
    settings = bring_what_the_site_provides(release, site.folder)
    (release / "secrets/mail_key").unlink()

    refused = admin.types(release, "./import-package.sh", "--yes")

    assert refused.code == 3, refused.told
    missing = ("secrets/mail_key", "backend.env", f"docker network create {NETWORK}")
    assert [word for word in missing if word not in refused.told] == [], refused.told
    site.server.output_of("docker", "network", "create", NETWORK)
    (release / "backend.env").write_text("VAULT_GREETING=hello\n")
    bring_what_the_site_provides_again(release, settings)
    ended = admin.types(release, "./import-package.sh", "--yes")
    assert (ended.code, application_answers(site.server)) == (0, True), ended.told
    assert brought(settings).content == SETTINGS


def bring_what_the_site_provides_again(release: Path, settings: Path) -> None:
    """The refused import must have left the link in place."""
    assert (release / ".env").readlink() == settings
    (release / ".env").unlink()
    bring_what_the_site_provides(release, settings.parent.parent)
