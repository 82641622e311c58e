"""Defines the measures by their names in the report, and the targets.

By hand means the commands from the manuals (`product`). Ours is the installer's own function, in its own
process (`ours`).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ByHand:
    """A command by hand; `{db}` in its line is the container.

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


Measure = ByHand | Ours


@dataclass(frozen=True)
class Commands:
    """The commands by hand: a dump, the same compressed, a checksum over all rows, and loading the dump."""

    plain: ByHand
    gzipped: ByHand
    checksum: ByHand
    loaded: ByHand

    @property
    def all(self) -> tuple[ByHand, ...]:
        """Returns them in the order of the report."""
        return self.plain, self.gzipped, self.loaded, self.checksum


@dataclass(frozen=True)
class Target:
    """A target: Airlock's time is at most `limit` times that of the other measure."""

    ours: str
    by_hand: str
    limit: float


BACKUP = Ours("backup", "compressed logical backup, fingerprinted and verified")
FINGERPRINT = Ours("fingerprint", "full fingerprint")
QUICK = Ours("quick", "quick fingerprint (definitions, no rows)")
HOT_COPY = Ours("hot-copy", "physical snapshot of the running server, prepared")
COLD_COPY = Ours("cold-copy", "copy of the stopped server's files, on the disk for good")
ROLLBACK = Ours("rollback", "rollback to untouched files: stop, swap, start, healthy")
PROVEN = Ours("prove", "… and its data compared with the backup, row by row")
RESTORE = Ours("restore", "logical restore, exact: verified, loaded, compared")

GOING_BACK = (ROLLBACK, PROVEN)
SMALLER = (BACKUP, FINGERPRINT, QUICK, RESTORE)
OURS = (HOT_COPY, COLD_COPY, ROLLBACK, PROVEN, BACKUP, RESTORE, FINGERPRINT, QUICK)
MEMORY_LIMIT_BYTES = 150 * 1000**2


def reading(by_hand: Commands) -> tuple[Measure, ...]:
    """Returns the measures that only read a running server, each of ours near the one it is compared with."""
    return (by_hand.plain, BACKUP, by_hand.gzipped, by_hand.checksum, FINGERPRINT, QUICK, HOT_COPY)
