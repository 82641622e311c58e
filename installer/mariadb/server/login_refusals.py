"""Explains why a MariaDB server refuses a login."""

from typing import TYPE_CHECKING

from installer.errors import Refused
from installer.text import _

if TYPE_CHECKING:
    from installer.database.values.address import DatabaseAddress

ACCESS_DENIED, NO_ACCESS_TO_DATABASE, UNKNOWN_DATABASE, HOST_REFUSED = 1045, 1044, 1049, 1130


def only_from_inside(address: "DatabaseAddress", text: str) -> Refused:
    """Returns the error for a login that the server refuses from this host although the password is right."""
    return Refused(
        _("The database accepts user `{user}` only from inside its own container.", user=address.user),
        details=[text],
        hint=_(
            "Run the command with sudo on the machine of the Docker engine; it then uses the server's socket."
        ),
    )


def not_encrypted(address: "DatabaseAddress") -> Refused:
    """Returns the error for a password that may not be sent, because the server offers no TLS."""
    return Refused(
        _("The database accepts the password of user `{user}` only over TLS.", user=address.user),
        details=[_("The server at {host} offers no TLS.", host=f"{address.host}:{address.port}")],
        hint=_(
            "Run the command with sudo on the machine of the Docker engine; it then uses the server's socket."
        ),
    )


def refusal(address: "DatabaseAddress", code: int, text: str) -> Refused:
    """Returns the error for the server's error number `code`; 0 when it did not answer."""
    details = [text]
    if code == ACCESS_DENIED:
        return Refused(
            _("The database does not accept the password of user `{user}`.", user=address.user),
            details=details,
            hint=_(
                "Compare the database password in {path} with the one the database was created with.",
                path=address.settings,
            ),
        )
    if code in (UNKNOWN_DATABASE, NO_ACCESS_TO_DATABASE):
        return Refused(
            _(
                "There is no database `{database}` for user `{user}`.",
                database=address.database,
                user=address.user,
            ),
            details=details,
            hint=_("Compare the database name in {path} with `SHOW DATABASES`.", path=address.settings),
        )
    where = f"{address.host}:{address.port}"
    if code == HOST_REFUSED:
        return Refused(
            _("The database at {where} refuses connections from this host.", where=where), details=details
        )
    return Refused(
        _("The database at {where} does not answer.", where=where),
        details=details,
        hint=_(
            "See `docker logs {container}`, start the database, then run the command again.",
            container=address.container_id[:12],
        ),
    )
