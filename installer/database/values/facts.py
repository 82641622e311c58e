"""Defines what a running database reports about itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DatabaseFacts:
    """Holds `server_version`, the server's own version text, and `data_bytes`, the size of the schema's rows.

    `product` is the server's, such as MySQL, by what it says of itself and not by the name of its image.
    `lacks` are sentences for people about what this server cannot do and Airlock does otherwise.
    `warnings` are sentences about what of the database a backup leaves out. `other_databases` are the names
    of those on the same server that Airlock does not back up. `data_folder` is the server's data directory,
    empty where it does not tell.
    `has_files_elsewhere`: the server keeps some of its files outside its data directory, so that a copy of
    that directory is incomplete.
    """

    product: str
    server_version: str
    data_bytes: int
    largest_table_bytes: int
    has_files_elsewhere: bool
    lacks: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    other_databases: tuple[str, ...] = ()
    data_folder: str = ""
