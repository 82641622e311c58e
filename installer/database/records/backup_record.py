"""Reads and writes the JSON file beside a backup, which records the content that a restore is compared with.

The record is written last: a dump without one is not a backup. Reading is strict; a newer format is refused.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from installer.database.values.history_row import HistoryRow
from installer.database.values.picture import TableContent
from installer.errors import Refused
from installer.system.files.files import write_atomically
from installer.text import _

FORMAT = 3
USUAL_FORMAT = 2  # without engine and service: of the only database of a release, and of the first engine
WITHOUT_POSITIONS = 1  # in this format, definitions include the next number
FIRST_ENGINE = "mariadb"
DUMP_SUFFIX, ENCRYPTED_SUFFIX, RECORD_SUFFIX = ".sql.gz", ".sql.gz.age", ".json"
STEM = r"backup_\w+?_\d{8}_\d{6}(_[\w.-]+)?"
NAME_OF_DUMP = re.compile(STEM + r"\.sql\.gz(\.age)?")
NAME_OF_FILE = re.compile(STEM + r"\.(sql\.gz|sql\.gz\.age|json)")


@dataclass(frozen=True)
class Backup:
    """Describes one dump (`path`, gzip, optionally encrypted) and its content.

    `tables` gives rows and checksum, None for a table that changed during the dump. `objects` gives the
    SHA-256 of each definition by kind and name, None where there is nothing to compare it with. `positions`
    gives the next number of tables and sequences, None where it changed during the dump. `grants` are the
    rights of accounts on the schema, without passwords, None where they are not known. `inexact_columns` are
    those of which a text dump does not keep every value, such as FLOAT with its six digits. `migrations` is
    None when the schema had no history table. `data_bytes` is the size of rows and indexes on the server's
    disk, None when it is not known. `service` is that of the database in a release with several, otherwise
    empty; `engine` the kind of its server.
    """

    path: Path
    reason: str
    made_at: str
    database: str
    create_database: str
    server_version: str
    locked_tables: bool
    sha256: str
    size_bytes: int
    sql_bytes: int
    data_bytes: int | None
    recipients: tuple[str, ...]
    tables: Mapping[str, TableContent | None]
    objects: Mapping[str, Mapping[str, str | None]]
    positions: Mapping[str, int | None]
    grants: Mapping[str, tuple[str, ...]] | None
    inexact_columns: tuple[str, ...]
    migrations: tuple[HistoryRow, ...] | None
    service: str = ""
    engine: str = FIRST_ENGINE

    @property
    def record_path(self) -> Path:
        """Returns the path of the JSON file beside the dump."""
        return record_path(self.path)

    @property
    def is_encrypted(self) -> bool:
        """Returns whether a key is required to read the backup."""
        return is_encrypted(self.path)


def is_encrypted(dump: Path) -> bool:
    """Returns whether a dump is encrypted, judged by its name."""
    return dump.name.endswith(ENCRYPTED_SUFFIX)


def is_named_by_airlock(dump: Path) -> bool:
    """Returns whether a file has the name of a dump made by Airlock."""
    return NAME_OF_DUMP.fullmatch(dump.name) is not None


def record_path(dump: Path) -> Path:
    """Returns the path of a dump's record: `x.sql.gz` and `x.sql.gz.age` → `x.json`."""
    stem = dump.name.removesuffix(ENCRYPTED_SUFFIX).removesuffix(DUMP_SUFFIX)
    return dump.with_name(stem + RECORD_SUFFIX)


def new_path(folder: Path, reason: str, now: datetime, label: str, recipients: Sequence[str] = ()) -> Path:
    """Returns the path of a dump; the same reason, second and label give the same one."""
    suffix = ENCRYPTED_SUFFIX if recipients else DUMP_SUFFIX
    return folder / f"backup_{reason}_{now:%Y%m%d_%H%M%S}{label and f'_{label}'}{suffix}"


def stamp_of(dump: Path) -> str:
    """Returns the time in the name of a dump, as digits that sort by time; empty if the name has none."""
    found = re.findall(r"_(\d{8}_\d{6})(?=[_.])", dump.name)
    return found[0] if found else ""


def part_of(dump: Path) -> Path:
    """Returns the path where a dump is written until it is verified."""
    return dump.with_name(f".{dump.name}.part")


def dumps_in(folder: Path) -> tuple[Path, ...]:
    """Returns every file in a folder that is named like a dump, finished or not, sorted."""
    return tuple(
        sorted(path for path in folder.glob("*") if path.name.endswith((DUMP_SUFFIX, ENCRYPTED_SUFFIX)))
    )


def write_record(backup: Backup) -> None:
    """Writes the JSON file beside the dump, readable by its owner only."""
    document = {"format": FORMAT, **asdict(backup), "path": backup.path.name}
    if (backup.service, backup.engine) == ("", FIRST_ENGINE):
        document["format"] = USUAL_FORMAT
        del document["service"], document["engine"]
    text = json.dumps(document, indent=2, ensure_ascii=False)
    write_atomically(backup.record_path, text.encode() + b"\n", mode=0o600)


def read_backup(path: Path) -> Backup:
    """Returns the backup whose dump is `path`.

    Raises `Refused` when it has no record or one of another format.
    """
    file = record_path(path)
    try:
        document = json.loads(file.read_bytes())
        return _backup(path, document)
    except FileNotFoundError:
        raise Refused(
            _("{path} is not a backup made by Airlock.", path=path),
            details=[_("The record {file} beside it is missing.", file=file.name)],
            hint=_("See the backups: ./airlock backups"),
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise Refused(
            _("The record of a backup cannot be read: {file}", file=file), details=[str(wrong)]
        ) from wrong


def list_backups(folder: Path) -> tuple[Backup, ...]:
    """Returns every finished backup in a folder, the newest last."""
    dumps = [path for path in dumps_in(folder) if record_path(path).is_file()]
    return tuple(sorted(map(read_backup, dumps), key=lambda backup: backup.made_at))


def _backup(path: Path, document: dict[str, Any]) -> Backup:
    written_format = document.pop("format")
    if written_format == WITHOUT_POSITIONS:
        document = _in_this_format(document)
    elif written_format not in (USUAL_FORMAT, FORMAT):
        raise ValueError(
            _(
                "The format is {number}; this version of Airlock reads format {known}.",
                number=written_format,
                known=FORMAT,
            )
        )
    if document.pop("path") != path.name:
        raise ValueError(_("The record belongs to another file."))
    tables = {name: content and TableContent(**content) for name, content in document.pop("tables").items()}
    rows = document.pop("migrations")
    migrations = None if rows is None else tuple(HistoryRow(**row) for row in rows)
    rights = document.pop("grants")
    grants = None if rights is None else {account: tuple(lines) for account, lines in rights.items()}
    return Backup(
        path=path,
        tables=tables,
        migrations=migrations,
        grants=grants,
        recipients=tuple(document.pop("recipients")),
        inexact_columns=tuple(document.pop("inexact_columns")),
        **document,
    )


def _in_this_format(document: dict[str, Any]) -> dict[str, Any]:
    """Converts a record of format 1, which has no rights and sizes.

    It hashes definitions together with the next number.
    """
    objects = {
        kind: dict.fromkeys(names) if kind in ("table", "sequence") else names
        for kind, names in document["objects"].items()
    }
    added: dict[str, Any] = {"data_bytes": None, "recipients": [], "positions": {}, "grants": None}
    return {**document, **added, "objects": {**objects, "database": {"character set": None}}}
