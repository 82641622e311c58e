"""Explains why a PostgreSQL server refuses a login."""

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.postgresql.server.queries import ServerError
from installer.text import _

WRONG_PASSWORD, NOT_LET_IN = "28P01", "28000"
UNKNOWN_DATABASE, NO_RIGHT = "3D000", "42501"
TOO_MANY = "53300"


def refusal(address: DatabaseAddress, error: ServerError | OSError) -> Refused:
    """Returns the error for a login that failed, by the server's SQLSTATE if it answered."""
    code = error.code if isinstance(error, ServerError) else ""
    text = error.text if isinstance(error, ServerError) else str(error)
    if code == WRONG_PASSWORD:
        return Refused(
            _("The database does not accept the password of user `{user}`.", user=address.user),
            details=[text],
            hint=_(
                "Compare the database password in {path} with the one the database was created with.",
                path=address.settings,
            ),
        )
    if code in (UNKNOWN_DATABASE, NO_RIGHT):
        return Refused(
            _(
                "There is no database `{database}` for user `{user}`.",
                database=address.database,
                user=address.user,
            ),
            details=[text],
            hint=_("Compare the database name in {path} with `psql --list`.", path=address.settings),
        )
    where = f"{address.host}:{address.port}"
    if code in (NOT_LET_IN, TOO_MANY):
        return Refused(
            _("The database at {where} refuses connections from this host.", where=where), details=[text]
        )
    return Refused(
        _("The database at {where} does not answer.", where=where),
        details=[text],
        hint=_(
            "See `docker logs {container}`, start the database, then run the command again.",
            container=address.container_id[:12],
        ),
    )
