"""What a site changed (an edited file, an override) goes through an upgrade and back, on request."""

import pytest

from installer.operations.adaptations.choose_adaptations import KeepRequest
from installer.operations.package.verify import verify
from installer.operations.release_directory import Site
from installer.screen.console import Console
from installer.system.compose.compose import Compose
from tests.operations.small_site import WEB, SmallSite, site

__all__ = ["site"]
pytestmark = [pytest.mark.engine, pytest.mark.long]  # the journeys of a dirty site have it, too

COMPOSE = f"""{WEB}
    command: sleep 1000
    volumes: ["./proxy/nginx.conf:/etc/nginx.conf:ro"]
"""
OVERRIDE = """
services:
  web:
    environment: {GREETING: hello, DB_PASSWORD: hunter2}
    volumes: ["./own:/own"]
"""
NGINX, NAME = "proxy/nginx.conf", "docker-compose.override.yml"
TOLD = """\
  NOT taken over: this site's override {old}/docker-compose.override.yml; to keep it: --override keep
    @@ -0,0 +1,5 @@
    +
    +services:
    +  web:
    +    environment: {{GREETING: hello, DB_PASSWORD: ***
    +    volumes: ["./own:/own"]
  NOT taken over: this site's changes in proxy/nginx.conf; to keep them: --keep proxy/nginx.conf
    @@ -1 +1 @@
    -of 2.0.0
    +edited
"""


def answers(site: SmallSite) -> str:
    return site.says("web", "sh", "-c", "echo $GREETING; cat /etc/nginx.conf /own/file; true")


def test_an_edited_file_and_an_override_are_kept_through_an_upgrade_and_the_way_back(site: SmallSite) -> None:
    old = site.release("1.0.0", COMPOSE, {NGINX: b"of 1.0.0\n"})
    site.import_(old)
    (old / NGINX).write_text("edited\n")
    (old / NAME).write_text(OVERRIDE)
    (old / "own").mkdir()
    (old / "own" / "file").write_text("the site's\n")
    Compose(old, ("docker-compose.yml", NAME), site.project).up()
    before = answers(site)
    assert before == "hello\nedited\nthe site's\n"

    new = site.release("2.0.0", COMPOSE, {NGINX: b"of 2.0.0\n"})
    assert TOLD.format(old=old) in site.import_(new, dry_run=True)
    site.import_(new, keep=KeepRequest((NGINX,), "keep"))
    assert answers(site) == before
    assert Site(new, Console()).compose().files == ("docker-compose.yml", NAME)
    verified = verify(new, Console()) if not (new / "images.tar").unlink() else None
    assert verified is not None and verified.edited == (NAME, NGINX)

    site.roll_back(new)
    assert answers(site) == before
    assert (new / NGINX).read_text() == "of 2.0.0\n"
    assert not any((new / name).exists() for name in (NAME, "own"))
