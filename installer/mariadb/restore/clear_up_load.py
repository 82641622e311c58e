"""Clears up what a killed load left in the server: its sessions, and the settings that it changed."""

from collections.abc import Mapping

from installer.database.values.address import DatabaseAddress
from installer.mariadb.loading.load_dump import WHILE_LOADING
from installer.mariadb.server.queries import value_of
from installer.mariadb.server.server import connect
from installer.mariadb.server.sessions import end_own_sessions, left_behind, set_all


def settings_before_loading(address: DatabaseAddress) -> Mapping[str, str | int]:
    """Returns the settings that a load changes, as they are now."""
    with connect(address, schema=False) as connection:
        return {name: value_of(connection, f"SELECT @@GLOBAL.{name}") for name in WHILE_LOADING}


def clear_up_load(address: DatabaseAddress, settings: Mapping[str, str | int]) -> None:
    """Ends the sessions first: their statements may run on, and hold locks, after their client was killed.

    Sets back only what still has the value of a load: a server that was restarted has its configuration.
    """
    with connect(address, schema=False) as connection:
        end_own_sessions(connection, address.database)
        left = left_behind(connection, WHILE_LOADING)
        set_all(connection, {name: settings[name] for name in left if name in settings})
