"""Describes how a database moves to a server of a newer series, which cannot open the old one's files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Conversion:
    """Describes the move from the series `before` to `after`, such as 15 and 17, of the server `engine`.

    A new server fills an empty place: the volume `volume`, which the import creates, or the folder `folder`.
    Its data directory is `inside` of the place, `.` for the place itself. `minutes` is an estimate.
    """

    engine: str
    before: str
    after: str
    volume: str | None
    folder: Path | None
    inside: str
    minutes: int


def parse_conversion(fields: dict[str, Any] | None) -> Conversion | None:
    """Reads what `dataclasses.asdict` and JSON made of a conversion."""
    if fields is None:
        return None
    folder = Path(fields["folder"]) if fields["folder"] is not None else None
    return Conversion(**{**fields, "folder": folder})
