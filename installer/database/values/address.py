"""Defines where a database is reached, and as which user."""

from dataclasses import dataclass
from typing import Literal

from installer.system.secret import Secret

SslMode = Literal["disable", "prefer", "require"]


@dataclass(frozen=True)
class SessionOptions:
    """Holds how sessions begin, for engines whose URLs say it.

    `options` are those of the server's command line, `connect_seconds` the time for a login: 0 without limit,
    None for the usual one.
    """

    options: str = ""
    sslmode: SslMode = "prefer"
    connect_seconds: int | None = None


@dataclass(frozen=True)
class DatabaseAddress:
    """Names one schema on one server in one container.

    `otherwise` is the same schema as another user, for a server that accepts this user only from inside its
    own container. `settings` is the file that holds user and password, with its path where that is known.
    `schema` is the one inside the database, for engines whose databases have several, `session` what the
    application's URL says of its sessions.
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
    session: SessionOptions = SessionOptions()
