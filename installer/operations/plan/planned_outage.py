"""Describes the estimated outage of an import: how long users will have no release that answers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from installer.text import _

SECONDS_WORTH_TELLING = 120


@dataclass(frozen=True)
class Outage:
    """Holds the seconds of each part, None for one that nothing on this host has measured."""

    stop: float | None
    backup: float | None
    copy: float | None
    database: float | None
    migrations: float | None
    services: float | None

    @property
    def seconds(self) -> float:
        """Returns the sum of the known parts."""
        return sum(seconds or 0.0 for _name, seconds in self._parts())

    @property
    def words(self) -> str:
        """Returns one line for people."""
        parts = [
            _("{part}: not known", part=name)
            if seconds is None
            else _("{part} {time}", part=name, time=_about(seconds))
            for name, seconds in self._parts()
            if seconds != 0
        ]
        values = {"time": _about(self.seconds), "parts": ", ".join(parts)}
        if any(seconds is None for _name, seconds in self._parts()):
            return _("Outage: at least {time} ({parts})", **values)
        return _("Outage: about {time} ({parts})", **values)

    def _parts(self) -> tuple[tuple[str, float | None], ...]:
        return (
            (_("stop"), self.stop),
            (_("backup"), self.backup),
            (_("rest of the copy"), self.copy),
            (_("database"), self.database),
            (_("migrations"), self.migrations),
            (_("services"), self.services),
        )


def parse_outage(fields: Mapping[str, float | None] | None) -> Outage | None:
    """Reads what `dataclasses.asdict` wrote; a part that an older version did not estimate is not known."""
    if fields is None:
        return None
    return Outage(*(fields.get(name) for name in Outage.__dataclass_fields__))


def _about(seconds: float) -> str:
    if seconds < SECONDS_WORTH_TELLING:
        return _("{count} s", count=math.ceil(seconds))
    return _("{count} min", count=math.ceil(seconds / 60))
