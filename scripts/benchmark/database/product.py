"""Defines what the bench needs to know of a database server."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmark.database.measures import Commands, Target
from installer.database.door.running_database import Database
from installer.database.values.address import DatabaseAddress
from installer.system.docker.docker import Container, Engine
from installer.system.docker.scratch import Scratch

CopyRunningServer = Callable[[Engine, Scratch, Container, DatabaseAddress, str, Callable[[int], None]], int]


@dataclass(frozen=True)
class Product:
    """Describes a server and its generated database.

    `compose` is a compose file with `{image}` and `{project}`, with the data in the folder `data`;
    `section` is the name of its section in the report. `generate` recreates the database with about so many
    bytes; `do_harm` changes rows and definitions; `empty` recreates the database without content.
    """

    section: str
    title: str
    image: str
    compose: str
    data: str
    user: str
    port: int
    password_variable: str
    by_hand: Commands
    targets: tuple[Target, ...]
    database: Callable[[DatabaseAddress], Database]
    copy_running_server: CopyRunningServer
    version: Callable[[DatabaseAddress], str]
    generate: Callable[[DatabaseAddress, int], None]
    size_bytes: Callable[[DatabaseAddress], int]
    do_harm: Callable[[DatabaseAddress], None]
    empty: Callable[[DatabaseAddress], None]
