"""Somebody else's session in the database while an import changes it."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.vault import Vault, ended, error_of
from tests.journeys.site import digests_of

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]

FOREIGN = "BEGIN; SELECT COUNT(*) FROM users; SELECT SLEEP(300)"
CONNECT = 'MYSQL_PWD="$MARIADB_ROOT_PASSWORD" exec mariadb -uroot customer_vault -e "$0"'
UNTIL_IT_CONNECTS = f"""until docker exec vault-db sh -c '{CONNECT}' "$0"; do sleep 0.1; done"""


@contextmanager
def foreign_client(vault: Vault, statements: str) -> Iterator[None]:
    """A client of a person in the database container, connected as soon as the server answers."""
    words = vault.site.server.command("sh", "-c", UNTIL_IT_CONNECTS, statements)
    quiet = subprocess.DEVNULL
    client = subprocess.Popen(words, env=dict(vault.site.environment()), stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        client.kill()
        client.wait()


def test_a_table_that_a_foreign_client_keeps_busy_fails_the_import_and_names_the_client(
    vault: Vault, tmp_path: Path
) -> None:
    release = vault.release(tmp_path)
    before, papers = vault.picture(), digests_of(vault.old / "uploads")
    run = vault.start(release, until="started start-database")
    with foreign_client(vault, FOREIGN):
        end = ended(run)
    assert (end.code, vault.site.version()) == (6, "2.1.1"), end.told
    reason = "Migration `20260105070245_add_user_department` failed at statement 1."
    assert (reason in error_of(end), "SELECT SLEEP(300)" in end.told) == (True, True), end.told
    assert (vault.picture(), digests_of(vault.old / "uploads")) == (before, papers)
    shutil.rmtree(release)
