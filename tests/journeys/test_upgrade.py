"""Upgrades that fail, that meet a site made by hand, and that are done by hand."""

import re
import shlex
import socket
import subprocess
from pathlib import Path

import pytest

from testbed.fetch import fetching
from tests.journeys.packages import Packages
from tests.journeys.site import ENV, Site, digests_of

ASK = shlex.join(fetching("http://127.0.0.1:8080/api/health")) + " > /dev/null 2>&1"

pytestmark = [pytest.mark.engine, pytest.mark.database]


@pytest.mark.parametrize("state", [pytest.param("copy", marks=pytest.mark.long), "move"])
def test_a_failing_migration_ends_with_the_old_release_on_exactly_its_data(
    site: Site, packages: Packages, old_release: Path, state: str
) -> None:
    assert site.import_(site.unpack(packages["2.1.2"])).code == 0
    before, containers = site.dump(), site.containers()
    papers = digests_of(site.folder / "customer_vault_2.1.2_package" / "uploads")

    ended = site.import_(site.unpack(packages["2.1.3"]), "--state", state, "--rehearse", "never")

    assert ended.code == 6, ended.told
    assert "Error: Migration `20260203064510_add_login_and_sessions` failed at statement 5.\n" in ended.told
    assert "MariaDB error 1062: Duplicate entry 'mina' for key 'users_login_key'\n" in ended.told
    assert site.dump() == before
    assert site.containers() == containers
    assert site.version() == "2.1.2"
    assert digests_of(site.folder / "customer_vault_2.1.2_package" / "uploads") == papers


def test_a_site_that_was_made_by_hand_is_upgraded_like_any_other(site: Site, packages: Packages) -> None:
    by_hand = site.folder / "customer-vault"
    subprocess.run(("cp", "-a", packages.source("2.1.1"), by_hand), check=True)
    release = site.unpack(packages["2.1.1"])
    site.type(release, "docker", "load", "-i", "images.tar")
    for name in ("backend", "frontend"):
        image = f"customer-vault/{name}"
        site.server.output_of("docker", "tag", f"{image}:2.1.1", f"{image}:latest")
    (by_hand / ".env").write_text(ENV)
    started = site.type(by_hand, "docker", "compose", "up", "-d", "--wait", "--no-build")
    assert started.code == 0, started.told
    # Prisma applied the first release's migrations
    assert site.type(release, "cp", "-a", str(by_hand / ".env"), ".env").code == 0
    deployed = site.type(release, "./airlock", "migrate", "deploy")
    assert deployed.code == 0, deployed.told
    site.seed()
    users = site.sql("SELECT id, email, name FROM users ORDER BY id")

    ended = site.import_(site.unpack(packages["2.1.2"]))

    assert ended.code == 0, ended.told
    assert f"2.1.1 (by its own answer) in {by_hand}" in ended.told
    last = ended.told.partition("Customer Vault 2.1.2 is in operation.\n")[2].splitlines()
    assert last[0].startswith(f"  http://{socket.gethostname()}:8080/ (checked: http://127.0.0.1:8080/")
    assert site.version() == "2.1.2"
    assert site.sql("SELECT id, email, name FROM users ORDER BY id") == users


def test_the_whole_import_is_told_in_korean_when_the_person_reads_korean(
    site: Site, packages: Packages
) -> None:
    release = site.unpack(packages["2.1.1"])
    (release / ".env").write_text(ENV)
    ended = site.import_(release, language="ko_KR.UTF-8")
    titles = re.findall(r"^\[ *\d+/12\] (.*)$", ended.told, re.MULTILINE)
    assert (ended.code, len(titles)) == (0, 12)
    assert [title for title in titles if not re.search("[가-힣]", title)] == []


def test_the_guides_own_words_install_the_release_by_hand(site: Site, packages: Packages) -> None:
    release = site.unpack(packages["2.1.2"])
    first, database, last = shell_blocks(release / "DEPLOYMENT_GUIDE.md")[-4:-1]
    by_hand = [one for one in shell_blocks(release / "MIGRATIONS.md") if "_prisma_migrations" in one][1:]
    script = [first, f"cat > .env <<'END'\n{ENV}END\n", database, *by_hand, last]

    typed = site.type(release, "sh", "-eu", "-c", "".join(script))

    assert typed.code == 0, typed.told
    answers = site.type(release, "sh", "-c", f"for try in $(seq 60); do {ASK} && exit; sleep 1; done; exit 1")
    assert (answers.code, site.version()) == (0, "2.1.2"), typed.told
    status = site.type(release, "./airlock", "migrate", "status")
    assert status.code == 0, status.told


def test_by_hand_with_nothing_but_the_package(site: Site, packages: Packages) -> None:
    release = site.unpack(packages["2.1.1"])
    sums = site.type(release, "sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS")
    loaded = site.type(release, "docker", "load", "-i", "images.tar")
    assert (sums.code, sums.told) == (0, "")
    assert (loaded.code, loaded.told.count("Loaded image: ")) == (0, 4)


def shell_blocks(document: Path) -> list[str]:
    """Everything that a guide lets a person type."""
    return re.findall(r"^```sh\n(.*?)^```$", document.read_text(), re.MULTILINE | re.DOTALL)
