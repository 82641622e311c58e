"""Runs a temporary PostgreSQL server on files that another server left, which stay as they are."""

from dataclasses import replace

from installer.database.door.kept_files import KeptFiles
from installer.database.scratch_servers.server_room import server_memory_bytes
from installer.database.scratch_servers.started_server import started_server
from installer.database.values.address import DatabaseAddress
from installer.postgresql.rehearsal.scratch_server import ScratchServer, program_of, refuse_bitnami
from installer.postgresql.server.location import locate_database
from installer.postgresql.server.server import answers
from installer.system.docker.docker import Container
from installer.system.memory import available_memory_bytes
from installer.system.secret import Secret

ALONE = ("-c", "autovacuum=off", "-c", "fsync=off")  # nothing of this server is kept


def start_over_files(files: KeptFiles) -> DatabaseAddress:
    """Starts the server and waits until it answers; returns the database as the service's user finds it."""
    engine, scratch, service = files.engine, files.scratch, files.service
    refuse_bitnami(service)
    server = ScratchServer(
        files.image,
        service,
        scratch.new_overlay(files.folder),
        user="",
        password=Secret(""),
        memory_bytes=server_memory_bytes(available_memory_bytes()),
    )
    program = program_of(server, scratch.command_of(files.image))
    program = replace(
        program,
        words=(*program.words, *ALONE),
        mounts=(*program.mounts, *service.files),
        network=scratch.new_network(),
    )

    def address(container: Container) -> DatabaseAddress:
        return locate_database(service, replace(container, environment=service.environment))

    id = scratch.start(program)
    return address(started_server(engine, id, lambda one: answers(address(one))))
