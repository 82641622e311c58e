"""Takes the picture of a database: everything by which two servers are compared, at one moment."""

from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import DATABASE, Level, Picture
from installer.mariadb.content.frozen_view import ReadView, frozen_view, letting_go, read_contents
from installer.mariadb.content.grants import read_grants
from installer.mariadb.content.schema import character_set, database_comment, read_definitions
from installer.mariadb.content.table_content import tables_by_size
from installer.mariadb.migration.history import has_history, read_history
from installer.mariadb.server.queries import value_of


def picture_of(address: DatabaseAddress, level: Level = "full") -> Picture:
    """Returns the picture of the database at this moment."""
    with frozen_view(address) as view:
        return take_picture(view, level)


def take_picture(view: ReadView, level: Level = "full") -> Picture:
    """Returns the picture of the database at the moment of the view; a quick picture reads no rows.

    Definitions and rights are current: the server keeps no older ones.
    """
    reader = view.readers[0]
    with letting_go(reader):
        database = str(value_of(reader, "SELECT DATABASE()"))
        properties = {
            "character set": character_set(reader),
            "comment": database_comment(reader, database),
        }
        definitions = {DATABASE: properties, **read_definitions(reader)}
        migrations = read_history(reader) if has_history(reader) else None
        grants = read_grants(reader, database)
    names = tables_by_size(reader) if level == "full" else ()
    return Picture(definitions, read_contents(view, names), view.positions, migrations, grants)
