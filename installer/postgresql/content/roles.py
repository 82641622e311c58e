"""Reads the roles that a database needs, which belong to the server and are in no dump of the database."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from installer.postgresql.server.queries import rows_of

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

ROLES = """SELECT rolname, concat_ws(' ', 'ALTER ROLE', quote_ident(rolname), 'WITH',
    CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END,
    CASE WHEN rolcreaterole THEN 'CREATEROLE' END, CASE WHEN rolcreatedb THEN 'CREATEDB' END,
    CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END, CASE WHEN rolreplication THEN 'REPLICATION' END,
    CASE WHEN rolbypassrls THEN 'BYPASSRLS' END, 'CONNECTION LIMIT', rolconnlimit::text,
    'VALID UNTIL ' || quote_literal(rolvaliduntil))
    FROM pg_roles WHERE rolname !~ '^pg_'"""
MEMBERS = """SELECT member.rolname, concat_ws(' ', 'GRANT', quote_ident(granted.rolname), 'TO',
    quote_ident(member.rolname), CASE WHEN admin_option THEN 'WITH ADMIN OPTION' END)
    FROM pg_auth_members JOIN pg_roles AS granted ON granted.oid = roleid
    JOIN pg_roles AS member ON member.oid = member WHERE member.rolname !~ '^pg_'"""
SETTINGS = """SELECT rolname, concat_ws(' ', 'ALTER ROLE', quote_ident(rolname), 'IN DATABASE',
    '(this one)', 'SET', setting)
    FROM pg_db_role_setting JOIN pg_roles ON pg_roles.oid = setrole CROSS JOIN unnest(setconfig) AS setting
    WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())"""

IN_THIS_DATABASE = " IN DATABASE (this one) "


def read_roles(connection: "Server") -> dict[str, tuple[str, ...]]:
    """Returns, by role, the statements that give what it may do on this server, without passwords.

    Rights on objects are among the definitions.
    """
    found: dict[str, list[str]] = {}
    for question in (ROLES, MEMBERS, SETTINGS):
        for role, statement in sorted(rows_of(connection, question)):
            found.setdefault(role, []).append(statement)
    return {role: tuple(found[role]) for role in sorted(found)}


def settings_in_database(roles: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Returns of what `read_roles` found the settings of roles in this database: they are a part of it."""
    found = {role: tuple(line for line in lines if IN_THIS_DATABASE in line) for role, lines in roles.items()}
    return {role: lines for role, lines in found.items() if lines}
