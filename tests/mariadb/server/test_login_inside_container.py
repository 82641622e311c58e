"""Servers that let root in only from inside their containers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.server.location import answering, locate_database
from installer.mariadb.server.login_inside_container import _in_root, is_let_in, socket_of
from installer.mariadb.server.programs import dump_command, dumping, find_programs, load_command, loading
from installer.mariadb.server.queries import rows_of, run_sql, value_of
from installer.mariadb.server.server import connect
from installer.site.starting.health import Watch, wait_until_healthy
from installer.system.docker.docker import Engine
from installer.system.process.process import output_of
from installer.system.secret import Secret
from tests.mariadb.server.test_location import SERVICE


def test_a_path_in_another_root_follows_the_links_of_that_root(tmp_path: Path) -> None:
    (tmp_path / "run" / "mysqld").mkdir(parents=True)
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "run").symlink_to("/run")
    (tmp_path / "var" / "run_of_mysql").symlink_to("../run")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "out").symlink_to("../../etc")
    for folder in ("run", "run_of_mysql"):
        assert _in_root(tmp_path, f"/var/{folder}/mysqld/a.sock") == tmp_path / "run" / "mysqld" / "a.sock"
    assert [_in_root(tmp_path, name) for name in ("/loop/a", "/out/a", "/../a")] == [None, None, None]


@contextmanager
def server(engine: Engine, **settings: str) -> Iterator[DatabaseAddress]:
    """A server with the schema `app`, as the official image makes it of these settings."""
    label = "com.docker.compose"
    project = "root-from-inside"
    words = [f"--label={label}.project={project}", f"--label={label}.service=db", "--tmpfs=/var/lib/mysql"]
    words += [f"--env={name}={value}" for name, value in {"MARIADB_DATABASE": "app", **settings}.items()]
    id = output_of(("docker", "run", "--detach", *words, "mariadb:10.11")).strip()
    try:
        watch = Watch(engine, project, tests={"db": answering()})
        wait_until_healthy(watch, ("db",), deadline_seconds=90, settle_seconds=0)
        container = engine.container(id)
        assert container is not None
        yield locate_database(SERVICE, container)
    finally:
        output_of(("docker", "rm", "--force", "--volumes", id))


@pytest.fixture(scope="module")
def inside(engine: Engine) -> Iterator[DatabaseAddress]:
    settings = {"MYSQL_ROOT_HOST": "localhost", "MARIADB_ROOT_PASSWORD": "r p"}
    with server(engine, **settings, MARIADB_USER="u", MARIADB_PASSWORD="p") as address:
        yield address


@pytest.mark.engine
@pytest.mark.database
def test_root_comes_in_through_the_socket(inside: DatabaseAddress) -> None:
    assert socket_of(inside.container_id) is not None
    with connect(inside) as connection:
        assert value_of(connection, "SELECT CURRENT_USER()") == "root@localhost"
        assert value_of(connection, "SELECT DATABASE()") == "app"
    assert is_let_in(inside.container_id, "root", Secret("r p"))


@pytest.mark.engine
@pytest.mark.database
def test_a_wrong_password_is_still_blamed(inside: DatabaseAddress) -> None:
    with pytest.raises(Refused) as refused, connect(replace(inside, password=Secret("wrong"))):
        pass
    assert refused.value.happened == "The database does not accept the password of user `root`."


@pytest.mark.engine
@pytest.mark.database
def test_out_of_reach_of_the_socket_the_applications_user_serves_or_the_true_reason_is_said(
    inside: DatabaseAddress,
) -> None:
    """A container's short ID stands for a process that cannot be seen from here."""
    hidden = replace(inside, container_id=_hidden(inside.container_id))
    with connect(hidden) as connection:
        assert value_of(connection, "SELECT CURRENT_USER()") == "u@%"
    with pytest.raises(Refused) as refused, connect(replace(hidden, otherwise=None)):
        pass
    assert refused.value.happened == "The database accepts user `root` only from inside its own container."


def _hidden(container_id: str) -> str:
    return output_of(("docker", "inspect", "--format", "{{.Name}}", container_id)).strip().removeprefix("/")


@pytest.mark.engine
@pytest.mark.database
def test_root_by_unix_socket_alone_comes_in(inside: DatabaseAddress) -> None:
    with connect(inside) as connection:
        run_sql(connection, "ALTER USER root@localhost IDENTIFIED VIA unix_socket")
        try:
            with connect(replace(inside, password=Secret("whatever"))) as another:
                assert rows_of(another, "SELECT 1") == [(1,)]
        finally:
            run_sql(connection, "ALTER USER root@localhost IDENTIFIED BY 'r p'")


@pytest.mark.engine
@pytest.mark.database
def test_a_host_in_the_environment_of_the_container_is_not_asked(engine: Engine) -> None:
    elsewhere = {"MYSQL_HOST": "elsewhere.invalid", "MARIADB_HOST": "elsewhere.invalid"}
    with server(engine, MARIADB_ROOT_PASSWORD="r p", **elsewhere) as address:
        programs = find_programs(address.container_id)
        with loading(address, load_command(address, programs)) as stream:
            stream.write(b"CREATE TABLE arrived (id INT);")
        with dumping(address, dump_command(address, programs)) as stream:
            assert b"CREATE TABLE `arrived`" in stream.read()
        assert is_let_in(address.container_id, "root", address.password)
