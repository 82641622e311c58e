"""Data that Airlock does not serve, or not like this, is told or refused before the border."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Database
from installer.errors import Refused
from installer.system.process.process import output_of
from testbed.images import RECIPES
from testbed.images.recipe import image_archive
from tests.operations.small_site import BUSYBOX, WEB, SmallSite, site

__all__ = ["site"]
pytestmark = pytest.mark.engine
WITH_DATA = f"""{WEB}
    command: sleep 9999
    volumes: ["./data:/data"]
"""
EXTERNAL = """
services:
  db:
    image: busybox:1
    command: sleep 9999
    environment: {POSTGRES_PASSWORD: secret}
    volumes: ["files:/var/lib/postgresql/data"]
volumes: {files: {external: true, name: "%s"}}
"""
SERVER = """
services:
  db:
    image: %s
    environment: {MYSQL_ROOT_PASSWORD: secret, MYSQL_DATABASE: app}
    volumes: ["./data:/var/lib/mysql"]
"""
MARIADB, MYSQL = "mariadb:10.11", "mysql:9.7"


def test_a_sqlite_database_in_a_folder_is_told_in_preflight_plan_steps_and_closing_words(
    site: SmallSite,
) -> None:
    first = site.release("1", WITH_DATA, None, "data")
    site.import_(first)
    with closing(sqlite3.connect(first / "data/app.db")) as connection:
        connection.execute("CREATE TABLE t (a INT)")
    told = site.import_(site.release("2", WITH_DATA, None, "data"))
    line = f"Airlock does not back up `web` (SQLite): a rollback uses its old files in {first}/data."
    assert " ".join(told.split()).count(line) == 3
    assert "Not all data is backed up." in told
    assert told.count("not backed up by Airlock: web (SQLite)") == 2
    assert "no database service" not in told


def test_files_that_another_server_holds_are_refused_before_anything_starts(site: SmallSite) -> None:
    volume = f"{site.project}-files"
    release = site.release(
        "1", EXTERNAL % volume, databases=(Database("db", "prisma/migrations", (), "postgresql"),)
    )
    mount = f"{volume}:/var/lib/postgresql/data"
    words = ("docker", "run", "--detach", "--init", "--name", f"{site.project}-other", "--volume", mount)
    output_of((*words, BUSYBOX, "sleep", "9999"))
    try:
        with pytest.raises(Refused) as refused:
            site.import_(release)
    finally:
        output_of(("docker", "rm", "--force", f"{site.project}-other"))
        output_of(("docker", "volume", "rm", volume))
    assert refused.value.details == (
        "The files of the database are used by another server, outside of this application.",
        f"  container {site.project}-other",
        f"→ Stop it: docker stop {site.project}-other",
    )
    assert site.engine.containers(project=site.project) == ()


@pytest.mark.database
@pytest.mark.parametrize(
    ("before", "after"), [(MARIADB, MYSQL), pytest.param(MYSQL, MARIADB, marks=pytest.mark.long)]
)
def test_a_release_with_another_product_is_refused_while_the_old_one_runs(
    site: SmallSite, before: str, after: str
) -> None:
    output_of(("docker", "load", "--quiet", "--input", str(image_archive(RECIPES[MYSQL]))))
    databases = (Database("db", "prisma/migrations"),)

    def release(version: str, image: str) -> Path:
        return site.release(version, SERVER % image, None, "data", databases=databases, references=(image,))

    site.import_(release("1", before), health_seconds=180.0)
    with pytest.raises(Refused) as refused:
        site.import_(release("2", after), health_seconds=180.0)
    names = {MARIADB: "MariaDB", MYSQL: "MySQL"}
    assert refused.value.happened == "The preflight found 1 problem; nothing was changed."
    assert refused.value.details == (
        f"The release brings {names[after]} instead of {names[before]}, and {names[after]} cannot read the"
        f" data of {names[before]}.",
        f"  Now: {before}; in the release: {after}",
        f"  The running server says that it is {names[before]}.",
        f"→ Ask the vendor for a package with {names[before]}.",
    )
    [server] = site.engine.containers(project=site.project)
    assert (server.image, server.is_running) == (before, True)
