"""Encrypts PyMySQL's connection where the server offers it, without loading certificate authorities.

PyMySQL does not verify the server, but loads all authorities of the machine for every connection, of which a
backup or a restore makes dozens.
"""

import ssl
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from pymysql import connections

if TYPE_CHECKING:
    from pymysql.cursors import Cursor

    Plain = connections.Connection[Cursor]
else:
    Plain = connections.Connection


class Connection(Plain):
    """Connects as PyMySQL's own class does, with one TLS context for all connections."""

    def _create_ssl_ctx(self, _wanted: Mapping[str, Any]) -> ssl.SSLContext:
        return without_authorities()


@cache
def without_authorities() -> ssl.SSLContext:
    """Returns a TLS context that accepts every certificate: a database server creates its own."""
    settings = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    settings.check_hostname = False
    settings.verify_mode = ssl.CERT_NONE
    return settings
