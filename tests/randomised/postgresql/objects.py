"""Objects of every kind but tables, as patterns: `<x>` is a new name, `<t>` a table, `<r>` a role,
`<text>` odd."""

from collections.abc import Sequence
from dataclasses import dataclass

from installer.postgresql.server.queries import literal, quoted
from tests.randomised.dice import Dice
from tests.randomised.postgresql.rare_objects import RARE


@dataclass(frozen=True)
class Made:
    """One object: the script that makes it, and the statement that drops it."""

    create: str
    drop: str


VIEWS = (
    ("VIEW <x>", "CREATE VIEW <x> WITH (security_barrier) AS SELECT id, site FROM <t> WHERE site > 1"
     " WITH LOCAL CHECK OPTION"),
    ("VIEW <x>", "CREATE VIEW <x> AS SELECT * FROM <t>"),
    ("VIEW <x>", "CREATE VIEW <x> AS SELECT id, site, count(*) OVER () AS n FROM <t> GROUP BY id, site"),
    ("VIEW <x>", "CREATE RECURSIVE VIEW <x> (i) AS VALUES (1) UNION ALL SELECT i + 1 FROM <x> WHERE i < 3"),
    ("VIEW <x>", 'CREATE VIEW <x> AS SELECT <text>::text AS "the text", 1 AS n;'
     " ALTER VIEW <x> ALTER n SET DEFAULT 5; COMMENT ON COLUMN <x>.n IS <text>"),
    ("MATERIALIZED VIEW <x>", "CREATE MATERIALIZED VIEW <x> AS SELECT id, site, count(*) AS n FROM <t>"
     " GROUP BY id, site; CREATE UNIQUE INDEX ON <x> (id, site)"),
    ("MATERIALIZED VIEW <x>", "CREATE MATERIALIZED VIEW <x> WITH (fillfactor = 60) AS SELECT site FROM <t>"
     " WITH NO DATA"),
    ("MATERIALIZED VIEW <x>", "CREATE MATERIALIZED VIEW <x> AS SELECT id, site FROM <t>;"
     " DELETE FROM ONLY <t> WHERE id = (SELECT min(id) FROM ONLY <t>)"),
)  # fmt: skip
ROUTINES = (
    ("FUNCTION <x>", "CREATE FUNCTION <x>(INOUT a int, b mood[] DEFAULT NULL) LANGUAGE sql STRICT"
     " PARALLEL SAFE"
     " COST 7 AS 'SELECT $1 -- '';'"),
    ("FUNCTION <x>", "CREATE FUNCTION <x>(a anyelement DEFAULT NULL::int, VARIADIC b text[] DEFAULT '{}')"
     ' RETURNS TABLE (c int, d text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, "$user", ids'
     " AS $$ BEGIN RETURN; END $$"),
    ("FUNCTION <x>(int)", "CREATE FUNCTION <x>(int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
     " CREATE FUNCTION <x>(text, int) RETURNS text LANGUAGE plpgsql AS $a$ BEGIN RETURN <text>; END $a$"),
    ("FUNCTION <x>", "CREATE FUNCTION <x>() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM"
     " <t>;"
     " SELECT max(site)::bigint FROM <t>; END"),
    ("PROCEDURE <x>", "CREATE PROCEDURE <x>(INOUT a text) LANGUAGE plpgsql AS $a$BEGIN\n a :="
     " <text>;\nCOMMIT;\nEND$a$;"
     " GRANT EXECUTE ON PROCEDURE <x> TO <r>; REVOKE ALL ON PROCEDURE <x> FROM PUBLIC"),
    ("AGGREGATE <x>(int)", "CREATE AGGREGATE <x>(int) (SFUNC = int4pl, STYPE = int, INITCOND = '3')"),
    ("FUNCTION <x> CASCADE", "CREATE FUNCTION <x>() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN"
     " NULL; END';"
     " CREATE TRIGGER <x> AFTER INSERT OR UPDATE OF site ON <t> FOR EACH ROW WHEN (NEW.site > 5)"
     " EXECUTE FUNCTION <x>('it''s', 2); ALTER TABLE <t> ENABLE REPLICA TRIGGER <x>"),
    ("TRIGGER <x> ON <t>", "CREATE CONSTRAINT TRIGGER <x> AFTER DELETE ON <t> DEFERRABLE INITIALLY DEFERRED"
     " FOR EACH ROW EXECUTE FUNCTION ids.touched(); ALTER TABLE <t> DISABLE TRIGGER <x>"),
    ("TRIGGER <x> ON <t>", "CREATE TRIGGER <x> AFTER UPDATE ON <t> REFERENCING OLD TABLE AS before"
     " FOR EACH STATEMENT EXECUTE FUNCTION ids.touched(); COMMENT ON TRIGGER <x> ON <t> IS <text>"),
    ("FUNCTION <x> CASCADE", "CREATE FUNCTION <x>() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
     " CREATE EVENT TRIGGER <x> ON ddl_command_end WHEN TAG IN ('DROP OPERATOR') EXECUTE FUNCTION <x>();"
     " ALTER EVENT TRIGGER <x> ENABLE ALWAYS"),
)  # fmt: skip
RULES = (
    ("RULE <x> ON <t>", "CREATE RULE <x> AS ON DELETE TO <t> WHERE OLD.site = 99 DO INSTEAD NOTHING"),
    ("POLICY <x> ON <t>", "CREATE POLICY <x> ON <t> AS RESTRICTIVE FOR UPDATE TO <r> USING (site > 1)"
     " WITH CHECK (site::text <> <text>); ALTER TABLE <t> ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL"
     " SECURITY"),
    ("STATISTICS <x>", "CREATE STATISTICS <x> (ndistinct, mcv) ON id, (site + 1) FROM <t>;"
     " ALTER STATISTICS <x> SET STATISTICS 33"),
    ("PUBLICATION <x>", "CREATE PUBLICATION <x> FOR TABLE ONLY <t> WHERE (site > 1), TABLES IN SCHEMA ids"
     " WITH (publish = 'insert')"),
    ("PUBLICATION <x>", "CREATE PUBLICATION <x> FOR ALL TABLES"),
)  # fmt: skip
KINDS = (VIEWS, ROUTINES, RULES, RARE)


def any_objects(dice: Dice, tables: Sequence[str], role: str) -> list[Made]:
    """Up to a dozen objects; those that need more of a table than it has are refused by the server."""
    found = []
    for number in range(dice.randint(2, 12)):
        what, create = dice.choice(dice.choice(KINDS))
        name, table = quoted(dice.name(f"o{number}")), dice.choice(tables)
        create, what = (filled(dice, text, name, table, role) for text in (create, what))
        found.append(Made(create, f"DROP {what}"))
    return found


def filled(dice: Dice, pattern: str, name: str, table: str, role: str) -> str:
    """The pattern with names and odd texts in it."""
    pattern = pattern.replace("<x>_in", quoted(f"in {name[1:-1]}")).replace(
        "<x>_out", quoted(f"out {name[1:-1]}")
    )
    for word, text in (("<x>", name), ("<t>", table), ("<r>", role), ("<name>", literal(name))):
        pattern = pattern.replace(word, text)
    while "<text>" in pattern:
        pattern = pattern.replace("<text>", literal(dice.text()), 1)
    return pattern
