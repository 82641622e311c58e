"""Finds databases whose texts another C library or ICU would sort otherwise: their indexes would be wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from installer.database.door.server_conversion import Misfit
from installer.database.values.address import DatabaseAddress
from installer.postgresql.conversion.alike_database import created_alike
from installer.postgresql.server.queries import quoted, rows_of, value_of
from installer.postgresql.server.server import connect
from installer.text import _

KNOWS_ITS_VERSION = "SELECT current_setting('server_version_num')::int >= 150000"
RECORDED = "SELECT coalesce(datcollversion, '') FROM pg_database WHERE datname = current_database()"
ACTUAL = """SELECT coalesce(pg_database_collation_actual_version(oid), '') FROM pg_database
    WHERE datname = current_database()"""
OF_ANY = """SELECT coalesce(max(pg_collation_actual_version(oid)), '') FROM pg_collation
    WHERE collprovider = 'c'"""  # of the C library, which the only provider was before 15
USED = """SELECT DISTINCT collname, coalesce(collversion, '') FROM pg_attribute
    JOIN pg_collation ON pg_collation.oid = attcollation JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace::regnamespace::text !~ '^(pg_|information_schema$)' AND relkind IN ('r', 'i', 'm')
    AND collnamespace = 'pg_catalog'::regnamespace AND collname NOT IN ('default', 'C', 'POSIX') ORDER BY 1"""
OF_ONE = "SELECT coalesce(max(pg_collation_actual_version(oid)), '') FROM pg_collation WHERE collname = $1"
UNVERSIONED = "-"  # musl sorts by bytes, and has no version


@dataclass(frozen=True)
class ChangedCollation:
    """Names a collation of a database, the version by which its indexes are sorted, and the new server's."""

    database: str
    name: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """Returns it in one line."""
        return _(
            "database {name}, collation {collation}: {before} → {after}",
            name=self.database,
            collation=self.name,
            before=self.before or UNVERSIONED,
            after=self.after or UNVERSIONED,
        )


def changed_collations(old: DatabaseAddress, new: DatabaseAddress, names: Sequence[str]) -> Iterator[Misfit]:
    """Compares the versions that the databases record with those of a server of the same major version."""
    found = {name: tuple(_changed(old, new, name)) for name in names}
    lines = tuple(one.words for changed in found.values() for one in changed)
    if lines:
        commands = "; ".join(_mending(name, changed) for name, changed in found.items() if changed)
        yield Misfit(
            _("The new database server sorts texts by another library: indexes on text may be wrong."),
            lines,
            _("After the import, run as the superuser of each database: {commands}", commands=commands),
            prevents=False,
        )


def _changed(old: DatabaseAddress, new: DatabaseAddress, name: str) -> Iterator[ChangedCollation]:
    before = replace(old, database=name)
    with created_alike(before, new) as probe:
        for collation, recorded, actual in _versions(before, probe):
            if recorded != actual:
                yield ChangedCollation(name, collation, recorded, actual)


def _versions(before: DatabaseAddress, probe: DatabaseAddress) -> Iterator[tuple[str, str, str]]:
    with connect(before) as live, connect(probe) as there:
        knows = bool(value_of(live, KNOWS_ITS_VERSION))
        asked = (RECORDED, ACTUAL) if knows else (OF_ANY, OF_ANY)
        yield "default", str(value_of(live, asked[0])), str(value_of(there, asked[1]))
        for name, recorded in rows_of(live, USED):
            yield name, recorded, str(value_of(there, OF_ONE, (name,)))


def _mending(name: str, changed: Sequence[ChangedCollation]) -> str:
    """Returns the commands; a version cannot be recorded where one of both libraries has none."""
    reindex = f"REINDEX DATABASE {quoted(name)}"
    is_versioned = all(one.before and one.after for one in changed)
    refresh = f"; ALTER DATABASE {quoted(name)} REFRESH COLLATION VERSION" if is_versioned else ""
    return f"{reindex}{refresh}"
