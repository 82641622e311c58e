"""Runs a temporary MariaDB server on files that another server left, which stay as they are."""

from dataclasses import replace

from installer.database.door.kept_files import KeptFiles
from installer.database.scratch_servers.server_room import server_memory_bytes
from installer.database.scratch_servers.started_server import started_server
from installer.database.values.address import DatabaseAddress
from installer.mariadb.rehearsal.scratch_server import PORT, ScratchServer, is_mariadb, program_of
from installer.mariadb.server.location import locate_database
from installer.mariadb.server.server import speaks
from installer.system.memory import available_memory_bytes
from installer.system.secret import Secret

READS_ONLY = ("--innodb-read-only=1", "--read-only=1")  # else the server would copy every file that it opens


def start_over_files(files: KeptFiles) -> DatabaseAddress:
    """Starts the server and waits until it speaks; returns the database as the service's user finds it.

    MySQL has no server that only reads: there every file of the data is copied when it is opened.
    """
    engine, scratch, service = files.engine, files.scratch, files.service
    server = ScratchServer(
        files.image,
        service,
        scratch.new_overlay(files.folder),
        user="",
        password=Secret(""),
        memory_bytes=server_memory_bytes(available_memory_bytes()),
    )
    program = program_of(server, scratch.command_of(files.image))
    own = READS_ONLY if is_mariadb(engine, scratch, files.image) else ()
    program = replace(
        program,
        words=(*program.words, *own),
        mounts=(*program.mounts, *service.files),
        network=scratch.new_network(),
    )
    id = scratch.start(program)
    container = started_server(engine, id, lambda one: speaks(one.addresses[0], PORT))
    return locate_database(service, replace(container, environment=service.environment))
