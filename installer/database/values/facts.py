"""What a running database says of itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DatabaseFacts:
    """`server_version` in the server's own words; `data_bytes` are the rows of the schema.

    `has_files_elsewhere`: the server keeps some of its files outside its data folder, so that a copy of that
    folder is not all.
    """

    server_version: str
    data_bytes: int
    largest_table_bytes: int
    has_files_elsewhere: bool
