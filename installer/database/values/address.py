"""Where a database is, and as whom to ask it."""

from dataclasses import dataclass

from installer.system.secret import Secret


@dataclass(frozen=True)
class DatabaseAddress:
    """One schema on one server in one container.

    `otherwise` is the same as another user, for a server that lets this one in from its own container alone.
    `settings` is the file, by its path where that is known, that says user and password.
    """

    container_id: str
    host: str
    port: int
    user: str
    password: Secret
    database: str
    otherwise: "DatabaseAddress | None" = None
    settings: str = ".env"
