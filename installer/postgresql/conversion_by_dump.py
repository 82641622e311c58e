"""Implements the interface of a server's conversion for PostgreSQL.

The rooms that do the work are imported when they are used.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from installer.database.door.server_conversion import ConversionRequest, DataPlace, Misfit, TrialRequest
from installer.postgresql.conversion.new_data_place import place_of_service, series_of_service
from installer.postgresql.server.series import Series
from installer.system.compose.compose import Service
from installer.system.docker.docker import StoredImage


@dataclass(frozen=True)
class PostgreSqlConversion:
    """Implements `ServerConversion`."""

    def series_of(self, service: Service, image: StoredImage | None) -> Series:
        """Returns a series such as (17,)."""
        return series_of_service(service, image)

    def place_of(self, service: Service, image: StoredImage | None) -> DataPlace | None:
        """Reads PGDATA, and knows where official images keep their files without it."""
        return place_of_service(service, image)

    def misfits(self, request: TrialRequest) -> Sequence[Misfit]:
        """Compares extensions, collations, locales, and what a dump leaves behind."""
        from installer.postgresql.conversion.server_misfits import misfits

        return misfits(request)

    def convert(self, request: ConversionRequest) -> None:
        """Dumps with the new image's `pg_dump`, loads, compares by content, and analyses."""
        from installer.postgresql.conversion.convert_server import convert_server

        convert_server(request)
