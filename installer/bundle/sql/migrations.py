"""Reads a folder of Prisma migrations: which folders count, in which order, and which scripts were edited.

Uses no database. Source: prisma-engines `migrations_directory.rs` and `checksum.rs` (Prisma 2 to 7).
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from installer.bundle.layout import shown
from installer.bundle.sql.provider import listed_schemas, provider_of
from installer.errors import Refused
from installer.text import _

SCRIPT = "migration.sql"
CHECKSUM_LENGTH = 64
ORDER = "\t\n\v\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789"  # ICU root collation, below the letters


@dataclass(frozen=True)
class Migration:
    """A migration folder. `script` is None if the folder has no migration.sql (Prisma's P3015).

    `prisma` is the version of the project's Prisma, None if it is not known. `schemas` are those
    that its schema lists beside the usual one.
    """

    name: str
    script: bytes | None
    prisma: str | None = None
    schemas: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Returns the script as Prisma reads it: keeps BOM and CRLF; invalid UTF-8 becomes U+FFFD."""
        return (self.script or b"").decode("utf-8", "replace")

    @property
    def checksum(self) -> str:
        """Returns the value that Prisma stores in `_prisma_migrations.checksum`: 64 lower-case hex digits."""
        return _sha256(self.text).hex()

    def has_checksum(self, stored: str) -> bool:
        """Returns whether `stored` belongs to this script, even if git changed its line endings.

        A stored checksum of another length is the old form of Prisma 2, without leading zeros.
        """
        texts = (self.text, self.text.replace("\r\n", "\n"), self.text.replace("\n", "\r\n"))
        digests = [_sha256(text) for text in texts]
        if stored and len(stored) != CHECKSUM_LENGTH:
            return stored in ["".join(f"{byte:x}" for byte in digest) for digest in digests]
        return stored in [digest.hex() for digest in digests]


def read_migrations(folder: Path, prisma: str | None = None) -> tuple[Migration, ...]:
    """Reads all migrations in `folder` in Prisma's order; none if there is no such folder.

    `prisma` is the version of the project's Prisma. Raises `Refused` for another database (P3019), for
    folders of Prisma 8, and for names that are not UTF-8.
    """
    if not folder.is_dir():
        return ()
    provider_of(folder)
    folders = [entry for entry in folder.iterdir() if entry.is_dir() and not entry.is_symlink()]
    _refuse_unreadable_names(folders)
    _refuse_prisma_8(folders)
    ordered = sorted(folders, key=lambda entry: migration_order(entry.name))
    schemas = listed_schemas(folder)
    return tuple(Migration(entry.name, _script(entry), prisma, schemas) for entry in ordered)


def migration_order(name: str) -> tuple[tuple[int, ...], tuple[str, ...], tuple[bool, ...], str]:
    """Returns a sort key for the order of Prisma (JavaScript `localeCompare`, ICU root collation).

    It is exact for ASCII; other letters sort by base letter, then by accents, then lower case first.
    """
    parts = unicodedata.normalize("NFD", name)
    letters = [character for character in parts if not unicodedata.combining(character)]
    accents = tuple(character for character in parts if unicodedata.combining(character))
    return tuple(map(_rank, letters)), accents, tuple(letter.isupper() for letter in letters), name


def migration_date(name: str) -> date | None:
    """Returns the date in a name like `20260105070245_add_user`, if it has a valid one."""
    stamp = re.match(r"(\d{14})_", name, re.ASCII)
    try:
        return datetime.strptime(stamp[1], "%Y%m%d%H%M%S").date() if stamp else None
    except ValueError:
        return None


def prisma_warnings(script: str) -> tuple[str, ...]:
    """Returns the warnings that Prisma wrote into the comment at the head of a script."""
    head = re.match(r"\ufeff?\s*/\*\s*Warnings:\s*(.*?)\*/", script, re.DOTALL)
    points = re.split(r"^\s*- ", head[1], flags=re.MULTILINE)[1:] if head else []
    return tuple(" ".join(point.split()) for point in points)


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _rank(character: str) -> int:
    place = ORDER.find(character)
    return place if place >= 0 else len(ORDER) + ord(character.lower()[0])


def _script(folder: Path) -> bytes | None:
    script = folder / SCRIPT
    return script.read_bytes() if script.is_file() else None


def _refuse_unreadable_names(folders: list[Path]) -> None:
    bad = [ascii(entry.name) for entry in folders if not entry.name.isascii() and not _is_utf8(entry.name)]
    if bad:
        raise Refused(_("Names of migration folders must be UTF-8."), details=bad)


def _is_utf8(name: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _refuse_prisma_8(folders: list[Path]) -> None:
    newer = [e.name for e in folders if (e / "ops.json").exists() or (e / "migration.json").exists()]
    if newer:
        raise Refused(
            _("These migrations were written by Prisma 8, whose format is not supported."),
            details=[shown(name) for name in sorted(newer)],
            hint=_("Airlock supports migrations of Prisma 2 to 7. Create them with Prisma 7."),
        )
