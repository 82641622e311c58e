"""Defines where a database is reached, and as which user."""

from dataclasses import dataclass

from installer.system.secret import Secret


@dataclass(frozen=True)
class DatabaseAddress:
    """Names one schema on one server in one container.

    `otherwise` is the same schema as another user, for a server that accepts this user only from inside its
    own container. `settings` is the file that holds user and password, with its path where that is known.
    `schema` is the one inside the database, for engines whose databases have several.
    """

    container_id: str
    host: str
    port: int
    user: str
    password: Secret
    database: str
    otherwise: "DatabaseAddress | None" = None
    settings: str = ".env"
    schema: str = "public"
