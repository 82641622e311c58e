"""Defines the errors of a database engine that operations handle apart from other refusals."""

from installer.errors import Failed, Refused, Stuck


class CannotRehearse(Refused):
    """Reports that this host cannot rehearse now; nothing is known about the migrations."""


class ContentUntouched(Refused):
    """Reports that a restore could not begin: the content of the database is as it was."""


class InterruptedUntouched(KeyboardInterrupt):
    """Reports that a restore was interrupted while the content of the database is as it was."""


class ContentDiffers(Failed):
    """Reports that the loaded content differs from the intended one; the details name the differences."""


class ServerWouldNotStart(Refused):
    """Reports that the server exited or did not answer in time, with the last lines of its log."""


class MigrationStopped(Stuck):
    """Reports that a migration stopped half-way; its earlier statements may have taken effect."""
