"""A server's content moves to the next major version: everything arrives, and the old files are untouched."""

from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from installer.database.door.server_conversion import ConversionRequest
from installer.database.values.old_database import OldDatabase
from installer.postgresql.content.take_picture import picture_of
from installer.postgresql.conversion.convert_server import convert_server
from installer.postgresql.conversion.converted_content import conversion_differences
from installer.postgresql.server.queries import databases_of, run_script, value_of
from installer.postgresql.server.server import connect
from installer.system.compose.model import Mount
from installer.system.docker.docker import Engine
from installer.system.docker.scratch import Scratch
from installer.system.secret import Secret
from tests.mariadb.backups import Told
from tests.postgresql.conversion.service_of_major import loaded, service
from tests.postgresql.everything import everything
from tests.postgresql.live_postgresql import Live, live_postgresql
from tests.system.docker.test_scratch import everything as everything_in_engine

pytestmark = [pytest.mark.engine, pytest.mark.database]

OTHERS = """
CREATE ROLE clerk LOGIN PASSWORD 'x'; CREATE ROLE staff; GRANT staff TO clerk;
ALTER ROLE clerk SET work_mem = '8MB';
"""
IN_ANOTHER = """
CREATE TABLE notes (id int, body text); INSERT INTO notes VALUES (1, 'in another database');
GRANT SELECT ON notes TO staff;
"""
HOPS = [(15, 17, PurePosixPath()), pytest.param(17, 18, PurePosixPath("18/docker"))]


def request(
    engine: Engine,
    scratch: Scratch,
    live: Live,
    told: Told,
    majors: tuple[int, int],
    place: Path,
    inside: PurePosixPath,
) -> ConversionRequest:
    there = engine.image(f"postgres:{majors[1]}")
    assert there is not None
    old = OldDatabase(service(majors[0]), live.container, "prisma/migrations")
    mount = Mount("bind", str(place), "", False)
    return ConversionRequest(engine, scratch, old, there.id, service(majors[1]), mount, inside, told.console)


@pytest.mark.parametrize(("before", "after", "inside"), HOPS)
def test_everything_arrives_in_a_new_directory_and_the_old_one_still_serves(
    engine: Engine, tmp_path: Path, before: int, after: int, inside: PurePosixPath
) -> None:
    loaded(after)
    told, place, old_place = Told(), tmp_path / "new", tmp_path / "old"
    place.mkdir()
    old_place.mkdir()
    with live_postgresql(engine, old_place, before) as live, everything(live.address):
        with connect(live.address) as connection:
            run_script(connection, OTHERS)
            run_script(connection, "CREATE DATABASE another")
        with connect(replace(live.address, database="another")) as connection:
            run_script(connection, IN_ANOTHER)
        was = everything_in_engine()
        pictures = {name: picture_of(replace(live.address, database=name)) for name in ("app", "another")}
        with engine.scratch("site") as scratch:
            convert_server(request(engine, scratch, live, told, (before, after), place, inside))
        assert everything_in_engine() == was
        assert {name: picture_of(replace(live.address, database=name)) for name in pictures} == pictures
        with live_postgresql(engine, place, after) as new:
            with connect(new.address) as connection:
                assert sorted(databases_of(connection)) == ["another", "app", "postgres"]
                assert str(value_of(connection, "SHOW server_version")).startswith(f"{after}.")
                assert value_of(connection, "SELECT max(reltuples) > 0 FROM pg_class WHERE relkind = 'r'")
            differences = {
                name: conversion_differences(
                    pictures[name], picture_of(replace(new.address, database=name)), same_texts=True
                )
                for name in pictures
            }
            assert differences == {"app": (), "another": ()}
            clerk = replace(new.address, user="clerk", password=Secret("x"), database="another")
            with connect(clerk) as connection:
                assert value_of(connection, "SELECT body FROM notes") == "in another database"
                assert value_of(connection, "SHOW work_mem") == "8MB"
