"""Determines the product of a server, MariaDB or MySQL, by what the server says of itself.

Most of this package serves both alike. Where their SQL or their programs differ, the code asks here.
"""

from typing import TYPE_CHECKING

from installer.text import _

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

MARIADB, MYSQL = "MariaDB", "MySQL"


def product_of(connection: "Server") -> str:
    """Returns the product of a connected server, by its greeting; asks nothing."""
    return product_of_version(str(connection.get_server_info()))  # type: ignore[no-untyped-call]


def is_mysql(connection: "Server") -> bool:
    """Returns whether a connected server is one of MySQL, or of Percona."""
    return product_of(connection) == MYSQL


def product_of_version(version: str) -> str:
    """Returns the product in a server's version text: only MariaDB names itself there."""
    return MARIADB if MARIADB in version else MYSQL


def lacks_of(product: str) -> tuple[str, ...]:
    """Returns sentences for people about what a server of this product cannot do as MariaDB does."""
    if product == MARIADB:
        return ()
    return (
        _(
            "{product}: a rehearsal loads a dump, because no program copies the files of the running server.",
            product=product,
        ),
    )
