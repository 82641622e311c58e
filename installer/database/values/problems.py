"""What an engine of databases raises that operations treat apart from other refusals."""

from installer.errors import Refused, Stuck


class CannotRehearse(Refused):
    """There can be no rehearsal on this host, now; nothing is known about the migrations."""


class ServerWouldNotStart(Refused):
    """The server ended, or did not answer in time; carries the last lines of its log."""


class MigrationStopped(Stuck):
    """A migration stopped half-way; what its earlier statements did may be there."""
