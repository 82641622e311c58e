"""Patterns of SQL for what comes before the tables, for objects that few have, and for states and rights.

The words in them are those of `objects`.
"""

BEFORE_TABLES = """
CREATE SCHEMA ids; CREATE SCHEMA "odd; schema" AUTHORIZATION <r>; COMMENT ON SCHEMA ids IS <text>;
CREATE TYPE mood AS ENUM ('sad', 'it''s; ok', '한'); ALTER TYPE mood ADD VALUE 'between' AFTER 'sad';
CREATE DOMAIN positive AS integer DEFAULT 7 CONSTRAINT "more than 0" CHECK (VALUE > 0);
CREATE TYPE spot AS (number integer, gone date, words text COLLATE "C"); ALTER TYPE spot DROP ATTRIBUTE gone;
CREATE TYPE span AS RANGE (subtype = text, collation = "C");
CREATE DOMAIN ids.code AS varchar(9) COLLATE "POSIX" DEFAULT 'A1' CHECK (VALUE ~ '^[A-Z]\\d+$');
CREATE FUNCTION ids.doubled(a bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT a * 2 -- ;';
CREATE SEQUENCE ids."shared seq" INCREMENT 5;
CREATE ACCESS METHOD "other heap" TYPE TABLE HANDLER heap_tableam_handler;
CREATE FUNCTION ids.touched() RETURNS trigger LANGUAGE plpgsql AS $f$BEGIN\r\n  -- it's;\n  RETURN
    NEW;\nEND$f$;
"""
EXTENSIONS = (
    "pg_trgm", "hstore SCHEMA ids", "citext", "btree_gist", "ltree", "pgcrypto", '"uuid-ossp" SCHEMA ids',
)  # fmt: skip
RARE = (
    ("SEQUENCE <x>", "CREATE SEQUENCE <x> AS smallint INCREMENT -3 START 50 MAXVALUE 90 CYCLE CACHE 5;"
     " SELECT nextval(<name>)"),
    ("SEQUENCE <x>", "CREATE SEQUENCE <x> START 9223372036854775807; SELECT nextval(<name>)"),
    ("SEQUENCE <x>", "CREATE SEQUENCE <x>; SELECT setval(<name>, 77, false); ALTER SEQUENCE <x> OWNER TO"
     " <r>"),
    ("OPERATOR ### (int, int)", "CREATE OPERATOR ### (FUNCTION = int4pl, LEFTARG = int, RIGHTARG = int)"),
    ("OPERATOR FAMILY <x> USING btree", "CREATE OPERATOR CLASS <x> FOR TYPE int USING btree AS OPERATOR 1 <,"
     " OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int)"),
    ("CAST (mood AS int)", "CREATE FUNCTION ids.level(mood) RETURNS int LANGUAGE sql AS 'SELECT 1';"
     " CREATE CAST (mood AS int) WITH FUNCTION ids.level(mood) AS ASSIGNMENT"),
    ("COLLATION <x>", "CREATE COLLATION <x> (provider = icu, locale = 'und-u-ks-level2', deterministic ="
     " false)"),
    ("CONVERSION <x>", "CREATE CONVERSION <x> FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8"),
    ("TEXT SEARCH DICTIONARY <x>", "CREATE TEXT SEARCH DICTIONARY <x> (TEMPLATE = simple, accept = false)"),
    ("TEXT SEARCH CONFIGURATION <x>", "CREATE TEXT SEARCH CONFIGURATION <x> (COPY = english);"
     " ALTER TEXT SEARCH CONFIGURATION <x> DROP MAPPING FOR float"),
    ("FOREIGN DATA WRAPPER <x> CASCADE", "CREATE FOREIGN DATA WRAPPER <x>; CREATE SERVER <x> TYPE 'a'"
     " VERSION '1'"
     " FOREIGN DATA WRAPPER <x> OPTIONS (host 'it''s'); CREATE USER MAPPING FOR <r> SERVER <x> OPTIONS"
     " (password 'p');"
     ' CREATE FOREIGN TABLE "odd; schema".<x> (a int OPTIONS (b \'c\') NOT NULL) SERVER <x>'),
    ("TYPE <x> CASCADE", "CREATE TYPE <x>; CREATE FUNCTION <x>_in(cstring) RETURNS <x> LANGUAGE internal"
     " IMMUTABLE"
     " AS 'int4in'; CREATE FUNCTION <x>_out(<x>) RETURNS cstring LANGUAGE internal IMMUTABLE AS 'int4out';"
     " CREATE TYPE <x> (INPUT = <x>_in, OUTPUT = <x>_out, LIKE = int4, CATEGORY = 'N')"),
    ("LANGUAGE <x> CASCADE", "CREATE FUNCTION <x>() RETURNS language_handler LANGUAGE C AS '$libdir/plpgsql',"
     " 'plpgsql_call_handler'; CREATE TRUSTED LANGUAGE <x> HANDLER <x>; GRANT USAGE ON LANGUAGE <x> TO <r>"),
)  # fmt: skip
OTHERS = (
    "SELECT lo_from_bytea(7001, '\\x00ff'); COMMENT ON LARGE OBJECT 7001 IS <text>; GRANT SELECT ON LARGE"
    " OBJECT 7001 TO <r>",
    "SELECT lo_create(7002); ALTER LARGE OBJECT 7002 OWNER TO <r>",
    "SELECT lo_create(7003); SELECT lo_put(7003, 9000, '\\x01'); SELECT lo_put(7003, 20000, '\\x0000')",
    "ALTER DEFAULT PRIVILEGES FOR ROLE <r> IN SCHEMA ids GRANT SELECT, INSERT ON TABLES TO PUBLIC",
    "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    "GRANT SELECT (id), UPDATE (site) ON <t> TO <r> WITH GRANT OPTION",
    "GRANT ALL ON <t> TO PUBLIC; REVOKE DELETE ON <t> FROM CURRENT_USER; REVOKE TRUNCATE ON <t> FROM PUBLIC",
    "GRANT SELECT ON <t> TO <r> WITH GRANT OPTION; SET LOCAL ROLE <r>; GRANT SELECT ON <t> TO PUBLIC",
    "ALTER TABLE <t> OWNER TO <r>; GRANT INSERT ON <t> TO CURRENT_USER",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA ids TO <r>",
    "GRANT USAGE ON TYPE mood TO <r>; REVOKE USAGE ON TYPE positive FROM PUBLIC",
    "COMMENT ON TABLE <t> IS <text>; COMMENT ON COLUMN <t>.id IS <text>; COMMENT ON TYPE mood IS <text>",
    "ALTER TABLE <t> REPLICA IDENTITY FULL",
    "ALTER TABLE <t> SET (autovacuum_enabled = off); ALTER TABLE <t> ALTER site SET STATISTICS 7",
    "ALTER TABLE <t> ALTER site SET (n_distinct = -0.5)",
)  # fmt: skip
SETTINGS = (
    "work_mem = '9MB'",
    "search_path = ids, public",
    "\"app.tenant\" = 'it''s; a \"b\"'",
    "default_transaction_read_only = on",
    "DateStyle = 'German, DMY'",
    "TimeZone = 'Asia/Seoul'",
    "bytea_output = escape",
    "client_encoding = UTF8",
    "quote_all_identifiers = on",
    "statement_timeout = 60000",
    "default_transaction_isolation = serializable",
    "IntervalStyle = iso_8601",
    "extra_float_digits = -5",
    "xmloption = document",
    "lc_monetary = 'en_US.utf8'",
    "default_table_access_method = heap",
    "check_function_bodies = off",
    "default_toast_compression = pglz",
)
ABOUT = (
    "GRANT CREATE, TEMPORARY ON DATABASE <d> TO <r> WITH GRANT OPTION",
    "REVOKE CONNECT ON DATABASE <d> FROM PUBLIC",
    "COMMENT ON DATABASE <d> IS <text>",
    "ALTER DATABASE <d> OWNER TO <r>",
    "ALTER DATABASE <d> CONNECTION LIMIT 77",
    "ALTER ROLE <r> IN DATABASE <d> SET work_mem = '7MB'",
    "ALTER ROLE <r> IN DATABASE <d> SET \"app.x\" = 'a; b'",
)
