"""PyMySQL's connection, encrypted where the server offers it, without looking at any certificate authority.

PyMySQL asks nobody who a server is, and yet reads all authorities of the machine for every connection, of
which a backup or a restore makes dozens.
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
    """As PyMySQL's own; every connection uses the same settings of TLS."""

    def _create_ssl_ctx(self, _wanted: Mapping[str, Any]) -> ssl.SSLContext:
        return without_authorities()


@cache
def without_authorities() -> ssl.SSLContext:
    """Encrypts, and takes every certificate: a database server makes its own."""
    settings = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    settings.check_hostname = False
    settings.verify_mode = ssl.CERT_NONE
    return settings
