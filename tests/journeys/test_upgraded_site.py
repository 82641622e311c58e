"""The main job, between two machines that cannot reach each other: 2.1.1 in use becomes 2.1.2."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.packages import Packages
from tests.journeys.site import SECRETS, Ended, Site, digests_of
from tests.testbed.servers import Servers

pytestmark = [pytest.mark.engine, pytest.mark.database]

USERS = "SELECT id, email, name FROM users ORDER BY id"
HISTORY = (
    "SELECT migration_name, LENGTH(id), LENGTH(checksum), logs, rolled_back_at, applied_steps_count,"
    " finished_at >= started_at FROM _prisma_migrations ORDER BY migration_name"
)


@dataclass(frozen=True)
class Upgraded:
    """A site after its upgrade, and what it had before."""

    site: Site
    old: Path
    new: Path
    ended: Ended
    users: str
    papers: dict[str, str]


@pytest.fixture(scope="module")
def upgraded(
    servers: Servers, packages: Packages, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Upgraded]:
    site = Site(servers["offline"], tmp_path_factory.mktemp("upgraded"))
    old = site.install(packages["2.1.1"])
    site.seed()
    users, papers = site.sql(USERS), digests_of(old / "uploads")
    new = site.unpack(packages["2.1.2"])
    ended = site.import_(new)
    yield Upgraded(site, old, new, ended, users, papers)
    site.remove()


def test_the_new_release_answers(upgraded: Upgraded) -> None:
    assert (upgraded.ended.code, upgraded.site.version()) == (0, "2.1.2"), upgraded.ended.told


def test_every_row_and_paper_is_there_and_the_new_columns_are_filled(upgraded: Upgraded) -> None:
    site = upgraded.site
    assert site.sql(USERS) == upgraded.users
    assert digests_of(upgraded.new / "uploads") == upgraded.papers
    assert site.sql("SELECT COUNT(*) FROM users WHERE display_name = ''") == "0\n"


def test_the_history_has_the_rows_that_prisma_would_have_written(upgraded: Upgraded) -> None:
    assert upgraded.site.sql(HISTORY).splitlines() == [
        f"{name}\t36\t64\tNULL\tNULL\t1\t1"
        for name in (
            "20251110081500_init",
            "20251124101230_add_documents_and_audit",
            "20260105070245_add_user_department",
            "20260112013020_replace_nickname_with_display_name",
        )
    ]


def test_the_old_directory_keeps_its_data(upgraded: Upgraded) -> None:
    assert digests_of(upgraded.old / "uploads") == upgraded.papers
    assert (upgraded.old / "data" / "mariadb" / "ibdata1").is_file()


def test_no_secret_is_in_any_file_or_line_that_airlock_writes(upgraded: Upgraded) -> None:
    written = [upgraded.ended.told.encode()]
    written += [path.read_bytes() for path in (upgraded.new / ".airlock").rglob("*") if path.is_file()]
    written += [path.read_bytes() for path in (upgraded.new / "backups").glob("*.json")]
    found = [secret for secret in SECRETS for content in written if secret.encode() in content]
    assert found == []
    assert {path.stat().st_mode & 0o077 for path in (upgraded.new / "backups").glob("*.gz")} == {0}


def test_importing_again_says_what_is_done_and_changes_nothing(upgraded: Upgraded) -> None:
    before = upgraded.site.server.output_of("docker", "ps", "-q")
    ended = upgraded.site.import_(upgraded.new)
    assert (ended.code, "Customer Vault 2.1.2 is installed here already." in ended.told) == (0, True)
    assert upgraded.site.server.output_of("docker", "ps", "-q") == before
