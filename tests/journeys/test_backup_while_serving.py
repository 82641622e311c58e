"""A backup from the old database's kept files, made while the new release serves: nobody waits for it."""

import json
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.test_crash import journal_of, kill_when
from tests.journeys.editions import as_it_is, in_a_volume, install, unpacked
from tests.journeys.packages import Packages
from tests.journeys.site import Ended, Site

pytestmark = [pytest.mark.engine, pytest.mark.database]

SERVING = ("--backup", "serving", "--rehearse", "never")
Edit = Callable[[Path], None]
in_time = pytest.mark.parametrize(
    "edit", [as_it_is, pytest.param(in_a_volume, marks=pytest.mark.long)], ids=["folder", "volume"]
)


@in_time
def test_the_backup_holds_what_the_old_release_had_at_its_end(
    site: Site, packages: Packages, edit: Edit
) -> None:
    install(site, packages["2.1.1"], edit)
    before = rows_of(site.dump())
    release = unpacked(site, packages["2.1.2"], edit)

    ended = site.import_(release, *SERVING)

    assert (ended.code, site.version()) == (0, "2.1.2"), ended.told
    assert "Back up the database from its kept files while 2.1.2 serves: backups/" in ended.told
    assert "7/12] Record the state of the database, stop the database" in ended.told
    assert "2.1.2 is in operation. The old database is backed up now, from its kept files." in ended.told
    assert rows_of(dump_in(site, release)) == before
    assert journal_of(release).splitlines()[-3:] == [
        "started back-up-kept",
        "finished back-up-kept",
        "ended done",
    ]
    assert leftovers(site) == ""


@in_time
def test_a_backup_that_is_interrupted_leaves_the_new_release_in_operation(
    site: Site, packages: Packages, edit: Edit
) -> None:
    install(site, packages["2.1.1"], edit)
    before, containers = site.dump(), site.containers()
    release = unpacked(site, packages["2.1.2"], edit)

    ended = kill_when(site, release, "started back-up-kept", signal.SIGINT, *SERVING)

    assert (ended.code, site.version()) == (7, "2.1.2"), ended.told
    assert "2.1.2 is in operation, but the old database is not backed up yet." in ended.told
    stands = site.import_(release)
    assert (stands.code, "--resume" in stands.told) == (3, True), stands.told

    onward = site.type(release, "./import-package.sh", "--yes", "--resume")
    assert onward.code == 0, onward.told
    assert "The old database is not backed up yet; its files: " in onward.told
    assert rows_of(dump_in(site, release)) == rows_of(before)

    back = site.type(release, "./airlock", "rollback", "--yes")
    assert (back.code, site.containers()) == (0, containers), back.told
    assert "The old database was compared with the backup: no difference." in back.told
    assert "The current database is backed up from its files once 2.1.1 runs again: " in back.told
    assert "The old release runs again. What 2.1.2 wrote is backed up now, from its files." in back.told
    assert re.search(r"^Backup backup_before_rollback_\d+_\d+\.sql\.gz: .*, verified\.$", back.told, re.M)
    assert site.dump() == before
    assert leftovers(site) == ""


def test_without_the_backup_the_kept_files_lead_back(site: Site, packages: Packages) -> None:
    install(site, packages["2.1.1"], as_it_is)
    before, containers = site.dump(), site.containers()
    release = unpacked(site, packages["2.1.2"], as_it_is)
    kill_when(site, release, "started back-up-kept", signal.SIGKILL, *SERVING)

    back = site.type(release, "./airlock", "rollback", "--yes")

    assert (back.code, site.containers()) == (0, containers), back.told
    assert "The old database has its own files again, and the tables and migrations of before." in back.told
    assert site.dump() == before


def test_it_is_refused_in_words_where_no_files_are_kept(site: Site, packages: Packages) -> None:
    install(site, packages["2.1.1"], in_a_volume)
    before, release = site.dump(), unpacked(site, packages["2.1.2"], in_a_volume)

    ended = site.import_(release, *SERVING, "--snapshot", "never")

    assert told_at_the_end(ended) == [
        "Error: The database cannot be backed up while the new release serves.",
        "  no untouched files of the database are kept",
        "→ Import with a backup before the database stops: --backup stopped",
    ]
    assert (ended.code, site.dump()) == (3, before)
    assert leftovers(site) == ""


def told_at_the_end(ended: Ended) -> list[str]:
    return ended.told.strip().splitlines()[-3:]


def dump_in(site: Site, release: Path) -> str:
    """Returns the content of the only backup of before the migration."""
    [backup] = (release / "backups").glob("backup_before_migration_*.sql.gz")
    record = json.loads(backup.with_name(backup.name.removesuffix(".sql.gz") + ".json").read_text())
    assert (record["reason"], record["path"]) == ("before_migration", backup.name)
    return site.server.output_of("zcat", backup)


def rows_of(dump: str) -> list[str]:
    """Returns what a dump inserts, line by line."""
    return [re.sub(r"[,;]$", "", line) for line in dump.splitlines() if line.startswith("(")]


def leftovers(site: Site) -> str:
    """Returns what is left of temporary servers."""
    label = ("--filter", "label=airlock.scratch", "--quiet")
    return "".join(
        site.server.output_of("docker", *words, *label) for words in (("ps", "--all"), ("volume", "ls"))
    )
