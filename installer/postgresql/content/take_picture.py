"""Takes the picture of a database: everything by which two servers are compared, at one moment."""

from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import DATABASE, Definitions, Level, Picture
from installer.postgresql.content.database_properties import read_large_objects, read_properties
from installer.postgresql.content.frozen_view import ReadView, frozen_view, read_contents
from installer.postgresql.content.roles import read_roles
from installer.postgresql.content.schema_dump import read_schema_dump
from installer.postgresql.content.table_content import tables_by_size
from installer.postgresql.migration.history import has_history, read_history
from installer.postgresql.server.programs import schema_of

LARGE_OBJECT = "large object"


def picture_of(address: DatabaseAddress, level: Level = "full") -> Picture:
    """Returns the picture of the database at this moment."""
    with frozen_view(address) as view:
        return take_picture(view, level)


def take_picture(view: ReadView, level: Level = "full") -> Picture:
    """Returns the picture of the database at the moment of the view; a quick picture reads no rows."""
    reader = view.readers[0]
    migrations = read_history(reader) if has_history(reader) else None
    names = tables_by_size(reader) if level == "full" else ()
    contents = read_contents(view, names)
    return Picture(_definitions(view), contents, view.positions, migrations, read_roles(reader))


def _definitions(view: ReadView) -> Definitions:
    reader, schema = view.readers[0], view.address.schema
    return {
        DATABASE: read_properties(reader),
        **read_schema_dump(schema_of(view.address, view.snapshot), schema),
        LARGE_OBJECT: read_large_objects(reader),
    }
