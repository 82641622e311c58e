"""What a PostgreSQL database holds, read by the tests themselves: if the product's own picture overlooks a
    thing, this
does not. The product reads what pg_dump writes; this reads the system tables, and every row of every table
    as text.
"""

import re
from typing import TYPE_CHECKING

from installer.database.values.address import DatabaseAddress
from installer.postgresql.server.queries import literal, rows_of, run_sql
from installer.postgresql.server.server import connect

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

Evidence = dict[str, list[str]]
OWN = 16384  # the first number that a server gives to an object of a person
CALLED = "pg_describe_object('{table}'::regclass, oid, 0)"
RIGHTS = "ARRAY(SELECT unnest({acl})::text ORDER BY 1)"
IN_TABLES = (
    "attrelid >= 16384 AND attnum > 0 AND NOT attisdropped AND attrelid::regclass::text !~ '^pg_toast'"
)
QUESTIONS = {
    "database": f"""SELECT pg_encoding_to_char(encoding), datcollate, datctype, datdba::regrole, datconnlimit,
        datallowconn, datistemplate, datlocprovider, {RIGHTS.format(acl="datacl")}, shobj_description(oid,
            'pg_database')
        FROM pg_database WHERE datname = current_database()""",
    "settings": """SELECT setrole::regrole, unnest(setconfig) FROM pg_db_role_setting
        JOIN pg_database AS d ON d.oid = setdatabase WHERE datname = current_database()""",
    "needs": """SELECT pg_describe_object(classid, objid, objsubid), deptype,
        pg_describe_object(refclassid, refobjid, refobjsubid) FROM pg_depend WHERE objid >= 16384""",
    "comments": "SELECT pg_describe_object(classoid, objoid, objsubid), description FROM pg_description"
    " WHERE objoid >= 16384",
    "tables": f"""SELECT c.oid::regclass, relkind, relpersistence, reloptions, relowner::regrole,
        relrowsecurity,
        relforcerowsecurity, relreplident, relispartition, pg_get_expr(relpartbound, c.oid),
            relispopulated, amname,
        pg_get_partkeydef(c.oid), reloftype::regtype, relnamespace::regnamespace,
            {RIGHTS.format(acl="relacl")},
        (SELECT array_agg(inhparent::regclass ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = c.oid)
        FROM pg_class AS c LEFT JOIN pg_am AS a ON a.oid = relam
        WHERE c.oid >= 16384 AND relkind <> 't' AND relname !~ '^pg_toast'""",
    "columns": f"""SELECT attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull,
        attstattarget, attstorage,
        attcompression, attoptions, attislocal, attinhcount, attidentity, attgenerated,
            attcollation::regcollation,
        pg_get_expr(adbin, adrelid), {RIGHTS.format(acl="attacl")}, attfdwoptions
        FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE {IN_TABLES}""",
    "order of columns": f"""SELECT attrelid::regclass, array_agg(attname ORDER BY attnum) FROM pg_attribute
        WHERE {IN_TABLES} AND attrelid NOT IN (SELECT inhrelid FROM pg_inherits JOIN pg_class AS heir
        ON heir.oid = inhrelid AND NOT relispartition) GROUP BY 1""",
    "indexes": """SELECT indexrelid::regclass, pg_get_indexdef(indexrelid), indisclustered, indisreplident,
        indisunique
        FROM pg_index WHERE indexrelid >= 16384 AND indisvalid AND indrelid::regclass::text !~ '^pg_toast'""",
    "constraints": """SELECT conrelid::regclass, contypid::regtype, conname, pg_get_constraintdef(oid),
        convalidated,
        condeferrable, condeferred, conislocal, coninhcount, connoinherit AND contype = 'c', conparentid <> 0
        FROM pg_constraint WHERE oid >= 16384""",
    "triggers": """SELECT tgrelid::regclass, tgname, tgenabled, pg_get_triggerdef(oid), tgparentid <> 0
        FROM pg_trigger WHERE NOT tgisinternal""",
    "rules": "SELECT ev_class::regclass, rulename, ev_enabled, pg_get_ruledef(oid) FROM pg_rewrite WHERE"
    " oid >= 16384",
    "policies": """SELECT polrelid::regclass, polname, polcmd, polpermissive, polroles::regrole[],
        pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) FROM pg_policy""",
    "routines": f"""SELECT oid::regprocedure, proowner::regrole, prokind, prosrc, proconfig,
        {RIGHTS.format(acl="proacl")},
        CASE WHEN prokind <> 'a' THEN pg_get_functiondef(oid) END FROM pg_proc WHERE oid >= 16384""",
    "types": f"""SELECT t.oid::regtype, typowner::regrole, typtype, typcategory, typnotnull, typdefault,
        typstorage,
        typbasetype::regtype, typcollation::regcollation, {RIGHTS.format(acl="typacl")},
        (SELECT array_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),
        (SELECT (rngsubtype::regtype, rngmultitypid::regtype, rngcollation::regcollation) FROM pg_range
            WHERE rngtypid = t.oid)
        FROM pg_type AS t WHERE t.oid >= 16384 AND typname !~ '^pg_toast'""",
    "schemas": f"SELECT nspname, nspowner::regrole, {RIGHTS.format(acl='nspacl')} FROM pg_namespace WHERE"
    " nspname !~ '^pg_'",
    "default rights": f"""SELECT defaclrole::regrole, defaclnamespace::oid::regnamespace, defaclobjtype,
        {RIGHTS.format(acl="defaclacl")} FROM pg_default_acl""",
    "extensions": "SELECT extname, extversion, extnamespace::regnamespace FROM pg_extension",
    "event triggers": "SELECT evtname, evtevent, evtowner::regrole, evtfoid::regproc, evtenabled, evttags"
    " FROM pg_event_trigger",
    "publications": "SELECT to_jsonb(p) - 'oid' - 'pubowner', pubowner::regrole FROM pg_publication AS p",
    "published": """SELECT pubname, schemaname, tablename, rowfilter,
        ARRAY(SELECT unnest(attnames)::text ORDER BY 1) FROM pg_publication_tables""",
    "statistics": "SELECT stxname, stxowner::regrole, stxstattarget, pg_get_statisticsobjdef(oid) FROM"
    " pg_statistic_ext",
    "sequences": "SELECT schemaname, sequencename, sequenceowner, data_type, start_value, min_value,"
    " max_value,"
    " increment_by, cycle, cache_size FROM pg_sequences",
    "collations": "SELECT to_jsonb(c) - 'oid' - 'collnamespace' - 'collowner' FROM pg_collation AS c"
    " WHERE oid >= 16384",
    "casts": "SELECT castsource::regtype, casttarget::regtype, castcontext, castmethod FROM pg_cast WHERE"
    " oid >= 16384",
    "operators": """SELECT oid::regoperator, oprcode::regproc, oprcom::regoperator, oprnegate::regoperator
        FROM pg_operator WHERE oid >= 16384""",
    "in operator classes": """SELECT pg_describe_object('pg_opfamily'::regclass, amopfamily, 0), amopstrategy,
        amopopr::regoperator FROM pg_amop WHERE oid >= 16384""",
    "words": """SELECT mapcfg::regconfig, maptokentype, mapseqno, mapdict::regdictionary FROM pg_ts_config_map
        WHERE mapcfg >= 16384""",
    "foreign": "SELECT srvname, srvowner::regrole, srvtype, srvversion, srvoptions FROM pg_foreign_server",
    "user mappings": "SELECT srvname, usename, umoptions FROM pg_user_mappings",
    "large objects": f"SELECT oid, lomowner::regrole, {RIGHTS.format(acl='lomacl')}, lo_get(oid) FROM"
    " pg_largeobject_metadata",
}  # fmt: skip
TABLES = """SELECT oid::regclass::text FROM pg_class WHERE oid >= 16384 AND relkind = 'r'
    AND relnamespace::regnamespace::text <> 'pg_toast'"""
SEQUENCES = "SELECT oid::regclass::text FROM pg_class WHERE oid >= 16384 AND relkind = 'S'"
OF_THE_MOMENT = re.compile(r"'pg_attver=\d+'(, )?")
NUMBER_OF_OBJECT = re.compile(r"(?<=[_ ])(1[6-9]|[2-9]\d)\d{3}(?=\b|_)")


def evidence(address: DatabaseAddress) -> Evidence:
    """Sorted rows by question, by table, and by sequence."""
    with connect(address) as connection:
        run_sql(connection, "SET search_path = pg_catalog")
        run_sql(connection, "SET quote_all_identifiers = on")
        found = {about: _lines(connection, question) for about, question in QUESTIONS.items()}
        for (name,) in rows_of(connection, TABLES):
            found[f"rows of {name}"] = _lines(connection, _rows(connection, name))
        for (name,) in rows_of(connection, SEQUENCES):
            found[f"position of {name}"] = _lines(connection, f"SELECT last_value, is_called FROM {name}")
        return found


def _rows(connection: "Server", table: str) -> str:
    """The question for all rows; columns by name, because a dump may give heirs another order of them."""
    asked = f"SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = {literal(table)}::regclass"
    names = rows_of(connection, f"{asked} AND attnum > 0 AND NOT attisdropped ORDER BY 1")
    return f"SELECT ROW({', '.join(name for (name,) in names)})::text FROM ONLY {table}"


def _lines(connection: "Server", question: str) -> list[str]:
    """The rows as text, in order; numbers of objects in their names are left out."""
    rows = (OF_THE_MOMENT.sub("", repr(row)) for row in rows_of(connection, question))
    return sorted(NUMBER_OF_OBJECT.sub("N", row) for row in rows)
