"""Finds what a server has beside its databases and roles, and a dump of them leaves behind."""

from collections.abc import Iterator
from dataclasses import replace

from installer.database.door.server_conversion import Misfit
from installer.database.values.address import DatabaseAddress
from installer.postgresql.server.queries import rows_of, value_of
from installer.postgresql.server.server import connect
from installer.system.compose.model import Service
from installer.system.docker.docker_command import ask_docker
from installer.text import _

TABLESPACES = "SELECT spcname FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global') ORDER BY 1"
SUBSCRIPTIONS = "SELECT subname FROM pg_subscription ORDER BY 1"
SLOTS = "SELECT slot_name FROM pg_replication_slots WHERE NOT temporary ORDER BY 1"
CLOSED = "SELECT datname FROM pg_database WHERE datistemplate OR NOT datallowconn ORDER BY 1"
OBJECTS = (
    "SELECT count(*) FROM pg_class WHERE relnamespace::regnamespace::text !~ '^(pg_|information_schema$)'"
)
MD5 = (
    """SELECT rolname FROM pg_authid WHERE rolcanlogin AND rolpassword LIKE 'md5%' AND oid <> 10 ORDER BY 1"""
)
ACCEPTS_MD5 = """SELECT count(*) > 0 FROM pg_hba_file_rules WHERE type LIKE 'host%' AND address = 'all'
    AND auth_method IN ('md5', 'trust')"""
SETTINGS = """SELECT name, setting FROM pg_file_settings WHERE applied
    AND starts_with(sourcefile, current_setting('data_directory')) ORDER BY seqno"""
RULES = """SELECT concat_ws(' ', type, array_to_string(database, ','), array_to_string(user_name, ','),
    address, auth_method) FROM pg_hba_file_rules WHERE starts_with(current_setting('hba_file'),
    current_setting('data_directory')) ORDER BY line_number"""
TEMPLATE = "template1"
OF_INITDB = (
    "max_connections", "shared_buffers", "dynamic_shared_memory_type", "min_wal_size", "max_wal_size",
    "log_timezone", "timezone", "TimeZone", "datestyle", "DateStyle", "lc_messages", "lc_monetary",
    "lc_numeric", "lc_time", "default_text_search_config", "listen_addresses", "autovacuum_worker_slots",
)  # fmt: skip


def lost_on_conversion(old: DatabaseAddress, new: DatabaseAddress, service: Service) -> Iterator[Misfit]:
    """Compares the running server with a new, empty one of the release."""
    yield from _not_dumped(old, new)
    yield from _locked_out(old, new)
    yield from _of_another_user(new, service)
    yield from _in_files(old, new)


def _not_dumped(old: DatabaseAddress, new: DatabaseAddress) -> Iterator[Misfit]:
    left = (*_tablespaces(old), *_replication(old), *_closed(old, new), *_in_template(old, new))
    if left:
        yield Misfit(
            _("The server has what a move to another major version would leave behind."),
            left,
            _("Remove what is not needed, or move this database by hand before the import."),
            prevents=True,
        )


def _tablespaces(old: DatabaseAddress) -> Iterator[str]:
    for name in _column(old, TABLESPACES):
        yield _("tablespace {name}", name=name)


def _replication(old: DatabaseAddress) -> Iterator[str]:
    """Yields subscriptions, which a load leaves disabled, and the slots of other servers."""
    for name in _column(old, SUBSCRIPTIONS):
        yield _("subscription {name}", name=name)
    for name in _column(old, SLOTS):
        yield _("replication slot {name}", name=name)


def _closed(old: DatabaseAddress, new: DatabaseAddress) -> Iterator[str]:
    """Yields databases that are templates or let nobody in, unless each new server of the image has them."""
    for name in sorted({*_column(old, CLOSED)} - {*_column(new, CLOSED)}):
        yield _("database {name}, which is a template or lets nobody in", name=name)


def _in_template(old: DatabaseAddress, new: DatabaseAddress) -> Iterator[str]:
    counts = [_count(replace(one, database=TEMPLATE)) for one in (old, new)]
    if counts[0] > counts[1]:
        yield _("objects in the database {name}", name=TEMPLATE)


def _locked_out(old: DatabaseAddress, new: DatabaseAddress) -> Iterator[Misfit]:
    roles = _column(old, MD5)
    with connect(new) as connection:
        accepts_md5 = bool(value_of(connection, ACCEPTS_MD5))
    if roles and not accepts_md5:
        yield Misfit(
            _("The passwords of these roles are stored as MD5, which the new server does not accept."),
            tuple(roles),
            _("Set each again: SET password_encryption = 'scram-sha-256'; ALTER ROLE … PASSWORD '…'"),
            prevents=True,
        )


def _of_another_user(new: DatabaseAddress, service: Service) -> Iterator[Misfit]:
    """Compares the user of the service with the one that owns the files of a new server."""
    user = (service.user or "0").partition(":")[0]
    with connect(new) as connection:
        place = str(value_of(connection, "SHOW data_directory"))
    asked = ask_docker(("docker", "exec", new.container_id, "stat", "-c", "%u %U", place))
    if user not in ("0", "root", *asked.stdout.split()):
        yield Misfit(
            _("The service {name} runs as user {user}.", name=service.name, user=user),
            (_("The files of a new server belong to another user: {user}", user=asked.stdout.strip()),),
            _("Ask the vendor for a release whose database runs as the user of its image."),
            prevents=True,
        )


def _in_files(old: DatabaseAddress, new: DatabaseAddress) -> Iterator[Misfit]:
    """Compares settings and rules that lie in the data directory: the new one begins with its image's."""
    fresh, settings = (_settings(one) for one in (new, old))
    changed = [f"{name} = {value}" for name, value in settings.items() if _is_own(name, value, fresh)]
    rules = [line for line in _column(old, RULES) if line not in _column(new, RULES)]
    lines = (*changed, *(f"pg_hba.conf: {line}" for line in rules))
    if lines:
        yield Misfit(
            _("These settings are in the old data directory, and the new one does not get them."),
            lines,
            _("After the import, make those that are needed again: ALTER SYSTEM SET …"),
            prevents=False,
        )


def _settings(address: DatabaseAddress) -> dict[str, str]:
    return {row[0]: row[1] for row in _rows(address, SETTINGS)}


def _is_own(name: str, value: str, fresh: dict[str, str]) -> bool:
    """Returns whether somebody set it: initdb measures some, and takes others from the environment."""
    return name not in OF_INITDB and fresh.get(name) != value


def _column(address: DatabaseAddress, question: str) -> list[str]:
    return [row[0] for row in _rows(address, question)]


def _rows(address: DatabaseAddress, question: str) -> list[tuple[str, ...]]:
    with connect(address) as connection:
        return rows_of(connection, question)


def _count(address: DatabaseAddress) -> int:
    with connect(address) as connection:
        return int(value_of(connection, OBJECTS))
