"""What a site provides (settings, env files, secrets) goes through upgrades as it is there."""

import os
from pathlib import Path

import pytest

from installer.errors import FailedAndRestored, Refused
from tests.operations.small_site import WEB, SmallSite, site

__all__ = ["site"]
pytestmark = pytest.mark.engine

COMPOSE = f"""{WEB}
    user: "1001:1002"
    command: ["sh", "-c", "COMMAND"]
    environment: {{GREETING: "$GREETING", PLACE: "$PLACE"}}
    env_file: app.env
    secrets: [key]
secrets:
  key: {{file: ./secrets/key.txt}}
"""
SERVES, ENDS = COMPOSE.replace("COMMAND", "sleep 1000"), COMPOSE.replace("COMMAND", "sleep 1; exit 3")
STATE = ("app.env", "secrets/key.txt")
ENV = "# \ud55c\uae00 \uc8fc\uc11d\nGREETING=hello\nPLACE: Seoul\n".encode("cp949")


def look(path: Path) -> tuple[object, ...]:
    status = path.lstat()
    content = str(path.readlink()) if path.is_symlink() else path.read_bytes()
    return status.st_mode, status.st_uid, status.st_gid, status.st_mtime_ns, content


def provide(release: Path) -> None:
    """A `.env` in CP949 behind a link that a user owns, and a secret that only one group may read."""
    shared = release.parent / "shared.env"
    shared.write_bytes(ENV)
    shared.chmod(0o640)
    os.chown(shared, 1003, 1004)
    (release / ".env").symlink_to("../shared.env")
    os.chown(release / ".env", 1003, 1004, follow_symlinks=False)
    (release / "app.env").write_text("APP=1\n")
    (release / "secrets").mkdir(mode=0o750)
    os.chown(release / "secrets", 0, 1002)
    (release / "secrets" / "key.txt").write_text("s3cret")
    (release / "secrets" / "key.txt").chmod(0o640)
    os.chown(release / "secrets" / "key.txt", 1003, 1002)


def provided(release: Path) -> list[tuple[object, ...]]:
    names = (".env", "../shared.env", "app.env", "secrets/key.txt")
    return [look(release / name) for name in names]


def answers(site: SmallSite) -> str:
    words = "cat /run/secrets/key; echo; echo $GREETING, $PLACE, $APP"
    return site.says("web", "sh", "-c", words)


def test_settings_and_secrets_arrive_as_they_are_and_containers_read_them(site: SmallSite) -> None:
    old = site.release("1.0.0", SERVES, None, *STATE)
    provide(old)
    site.import_(old)
    before = provided(old)
    new = site.release("2.0.0", SERVES, None, *STATE)
    site.import_(new)
    assert (provided(new), provided(old)) == (before, before)
    assert answers(site) == "s3cret\nhello, Seoul, 1\n"

    failing = site.release("3.0.0", ENDS, None, *STATE)
    with pytest.raises(FailedAndRestored):
        site.import_(failing)
    assert (provided(new), provided(old)) == (before, before)
    assert not any(os.path.lexists(failing / name) for name in (".env", *STATE))
    assert answers(site) == "s3cret\nhello, Seoul, 1\n"


@pytest.mark.long
def test_a_site_with_a_projects_name_of_its_own_gets_its_settings_back_to_the_byte(site: SmallSite) -> None:
    old = site.release("1.0.0", SERVES, None, *STATE)
    provide(old)
    site.import_(old)
    before = provided(old)
    other = SmallSite(site.engine, f"{site.project}-renamed", site.folder)
    failing = other.release("2.0.0", ENDS, None, *STATE)
    with pytest.raises(FailedAndRestored):
        other.import_(failing, from_directory=old)
    assert provided(old) == before


def test_everything_that_the_site_must_provide_is_asked_for_at_once(site: SmallSite) -> None:
    release = site.release("1.0.0", SERVES, None, *STATE)
    (release / ".env").write_bytes(ENV)
    with pytest.raises(Refused) as refused:
        site.import_(release)
    assert refused.value.details == (
        "Files that the site must provide are missing.",
        f"  {release}/app.env",
        f"  {release}/secrets/key.txt",
        "→ Put them there, readable for the users that the containers run as.",
    )
    assert not os.path.lexists(release / "app.env")
