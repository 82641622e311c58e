"""Defines the measures by their names in the report, their commands, and the targets.

By hand means the commands from the manuals. Ours is the installer's own function, in its own process
(`ours`).
"""

from dataclasses import dataclass

CLIENT = "docker exec -e MYSQL_PWD {db}"
DUMP = CLIENT + " {dump} -uroot --single-transaction --routines --events --triggers shop"


@dataclass(frozen=True)
class ByHand:
    """A command by hand; `{db}`, `{dump}`, `{client}` and `{checksums}` are filled in.

    `leaves` is the file that it writes.
    """

    name: str
    line: str
    leaves: str | None = None


@dataclass(frozen=True)
class Ours:
    """A function of Airlock: a verb of `ours`, and its text in the table."""

    name: str
    words: str


@dataclass(frozen=True)
class Target:
    """A target: Airlock's time is at most `limit` times that of the other measure."""

    ours: str
    by_hand: str
    limit: float


PLAIN = ByHand("mysqldump", f"{DUMP} > backup.sql", "backup.sql")
GZIPPED = ByHand("mysqldump | gzip", f"{DUMP} | gzip > backup.sql.gz", "backup.sql.gz")
CHECKSUM = ByHand("CHECKSUM TABLE … EXTENDED", CLIENT + ' {client} -uroot shop -e "{checksums}"')
LOADED = ByHand("mysql <", "docker exec -i -e MYSQL_PWD {db} {client} -uroot shop < backup.sql")

BACKUP = Ours("backup", "compressed logical backup, fingerprinted and verified")
FINGERPRINT = Ours("fingerprint", "full fingerprint")
QUICK = Ours("quick", "quick fingerprint (definitions, no rows)")
HOT_COPY = Ours("hot-copy", "physical snapshot of the running server, prepared")
COLD_COPY = Ours("cold-copy", "copy of the stopped server's files, on the disk for good")
ROLLBACK = Ours("rollback", "rollback to untouched files: stop, swap, start, healthy")
PROVEN = Ours("prove", "… and its data compared with the backup, row by row")
RESTORE = Ours("restore", "logical restore, exact: verified, loaded, compared")

READING = (PLAIN, BACKUP, GZIPPED, CHECKSUM, FINGERPRINT, QUICK, HOT_COPY)
GOING_BACK = (ROLLBACK, PROVEN)
SMALLER = (BACKUP, FINGERPRINT, QUICK, RESTORE)
OURS = (HOT_COPY, COLD_COPY, ROLLBACK, PROVEN, BACKUP, RESTORE, FINGERPRINT, QUICK)
BY_HAND = (PLAIN, GZIPPED, LOADED, CHECKSUM)

TARGETS = (
    Target(HOT_COPY.name, PLAIN.name, 0.3),
    Target(ROLLBACK.name, LOADED.name, 0.02),
    Target(BACKUP.name, GZIPPED.name, 0.35),
    Target(BACKUP.name, PLAIN.name, 1.3),
    Target(RESTORE.name, LOADED.name, 0.5),
    Target(FINGERPRINT.name, CHECKSUM.name, 1.5),
)
MEMORY_LIMIT_BYTES = 150 * 1000**2
