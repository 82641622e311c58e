"""Changes in the definitions of everything else that has one."""

import re
from collections.abc import Iterator

from tests.mariadb.comparer.change import Change

ORACLE, USUAL = "SET sql_mode = 'ORACLE';", "; SET sql_mode = DEFAULT"


def _object(kind: str, name: str, before: str, after: str, again: str = "CREATE OR REPLACE ") -> Change:
    """A change in the definition of an object; `{}` is its name, and `CREATE` or `again` stand before it."""
    prefix = {"package body": "pb"}.get(kind, kind[:2])
    thing = re.sub(r"\W", "_", f"{prefix}_{name}")
    change = (again + after).format(thing)
    return Change(kind, name, f"CREATE {before.format(thing)}", change, (f"different: {kind} {thing}",))


VIEW = "VIEW {} AS SELECT id FROM parent"
TRIGGER = "TRIGGER {0} BEFORE INSERT ON {0}_table FOR EACH ROW SET @a = 1"
FIRST_TRIGGER = "TABLE {0}_table (id INT); CREATE " + TRIGGER
PROCEDURE = "PROCEDURE {}(a INT) SELECT 1"
FUNCTION = "FUNCTION {}(a INT) RETURNS INT DETERMINISTIC RETURN 1"
EVENT = "EVENT {} ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' ENABLE DO SELECT 1"
PACKAGE, BODY = "PACKAGE {} AS PROCEDURE p; END", "PACKAGE BODY {} AS PROCEDURE p AS BEGIN NULL; END; END"
OBJECTS = (
    _object("view", "query", VIEW, "VIEW {} AS SELECT id + 0 AS id FROM parent"),
    _object("view", "definer", VIEW, "DEFINER=`nobody`@`nowhere` VIEW {} AS SELECT id FROM parent"),
    _object("view", "security", VIEW, "SQL SECURITY INVOKER VIEW {} AS SELECT id FROM parent"),
    _object("view", "algorithm", VIEW, "ALGORITHM=MERGE VIEW {} AS SELECT id FROM parent"),
    _object("view", "check option", VIEW, VIEW + " WITH CHECK OPTION"),
    _object("trigger", "body", FIRST_TRIGGER, TRIGGER.replace("= 1", "= 2")),
    _object("trigger", "definer", FIRST_TRIGGER, "DEFINER=`nobody`@`nowhere` " + TRIGGER),
    _object("trigger", "time", FIRST_TRIGGER, TRIGGER.replace("BEFORE", "AFTER")),
    _object("trigger", "event", FIRST_TRIGGER, TRIGGER.replace("INSERT", "DELETE")),
    _object("trigger", "table", FIRST_TRIGGER, TRIGGER.replace("{0}_table", "parent"),
            again="DROP TRIGGER tr_table; CREATE "),
    _object("procedure", "body", PROCEDURE, PROCEDURE.replace("1", "2")),
    _object("procedure", "argument", PROCEDURE, PROCEDURE.replace("a INT", "a BIGINT")),
    _object("procedure", "direction", PROCEDURE, PROCEDURE.replace("a INT", "OUT a INT")),
    _object("procedure", "definer", PROCEDURE, "DEFINER=`nobody`@`nowhere` " + PROCEDURE),
    _object("procedure", "security", PROCEDURE, PROCEDURE.replace("SELECT", "SQL SECURITY INVOKER SELECT")),
    _object("procedure", "comment", PROCEDURE, PROCEDURE.replace("SELECT", "COMMENT 'y' SELECT")),
    _object("procedure", "data access", PROCEDURE, PROCEDURE.replace("SELECT", "MODIFIES SQL DATA SELECT")),
    _object("function", "body", FUNCTION, FUNCTION.replace("1", "2")),
    _object("function", "result", FUNCTION, FUNCTION.replace("RETURNS INT", "RETURNS BIGINT")),
    _object("function", "definer", FUNCTION, "DEFINER=`nobody`@`nowhere` " + FUNCTION),
    _object("function", "deterministic", FUNCTION, FUNCTION.replace("DETERMINISTIC", "NOT DETERMINISTIC")),
    _object("function", "aggregate", FUNCTION,
            "AGGREGATE FUNCTION {}(a INT) RETURNS INT BEGIN"
            " DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN 1; LOOP FETCH GROUP NEXT ROW; END LOOP; END"),
    _object("event", "body", EVENT, EVENT.replace("SELECT 1", "SELECT 2")),
    _object("event", "definer", EVENT, "DEFINER=`nobody`@`nowhere` " + EVENT),
    _object("event", "schedule", EVENT, EVENT.replace("1 DAY", "2 DAY")),
    _object("event", "start", EVENT, EVENT.replace("2030", "2031")),
    _object("event", "disabled", EVENT, EVENT.replace("ENABLE", "DISABLE")),
    _object("event", "completion", EVENT, EVENT.replace("ENABLE", "ON COMPLETION PRESERVE ENABLE")),
    _object("event", "comment", EVENT, EVENT.replace("ENABLE", "ENABLE COMMENT 'y'")),
    _object("sequence", "start", "SEQUENCE {} START 1", "SEQUENCE {} START 1 MINVALUE -5"),
    _object("sequence", "increment", "SEQUENCE {} INCREMENT 1", "SEQUENCE {} INCREMENT 2"),
    _object("sequence", "maximum", "SEQUENCE {} MAXVALUE 90", "SEQUENCE {} MAXVALUE 91"),
    _object("sequence", "cache", "SEQUENCE {} CACHE 1", "SEQUENCE {} CACHE 2"),
    _object("sequence", "cycle", "SEQUENCE {} NOCYCLE", "SEQUENCE {} CYCLE"),
)  # fmt: skip


SESSIONS = tuple(  # the same object, created again in a session with other settings
    _object(kind, name, first, f"{text}{USUAL}; SET NAMES utf8mb4",
            again=f"SET {setting}; CREATE OR REPLACE ")
    for kind, first, text in (
        ("trigger", FIRST_TRIGGER, TRIGGER), ("procedure", PROCEDURE, PROCEDURE),
        ("function", FUNCTION, FUNCTION), ("event", EVENT, EVENT),
        ("view", VIEW.replace("id FROM", "'x' AS id FROM"), VIEW.replace("id FROM", "'x' AS id FROM")),
    )
    for name, setting in (("sql_mode", "sql_mode = 'ANSI'"), ("client's set", "NAMES latin1"))
    if (kind, name) != ("view", "sql_mode")  # a view keeps none
)  # fmt: skip
PACKAGES = (
    Change("package", "interface", f"{ORACLE} CREATE {PACKAGE.format('pa_1')}{USUAL}",
           f"{ORACLE} CREATE OR REPLACE PACKAGE pa_1 AS PROCEDURE q; END{USUAL}",
           ("different: package pa_1",)),
    Change("package", "definer", f"{ORACLE} CREATE {PACKAGE.format('pa_2')}{USUAL}",
           f"{ORACLE} CREATE OR REPLACE DEFINER=nobody {PACKAGE.format('pa_2')}{USUAL}",
           ("different: package pa_2",)),
    Change("package body", "body",
           f"{ORACLE} CREATE {PACKAGE.format('pa_3')}; CREATE {BODY.format('pa_3')}{USUAL}",
           f"{ORACLE} CREATE OR REPLACE {BODY.format('pa_3').replace('NULL', 'SELECT 1')}{USUAL}",
           ("different: package body pa_3",)),
    Change("package body", "dropped",
           f"{ORACLE} CREATE {PACKAGE.format('pa_4')}; CREATE {BODY.format('pa_4')}{USUAL}",
           f"{ORACLE} DROP PACKAGE BODY pa_4{USUAL}", ("missing: package body pa_4",)),
)  # fmt: skip


def _dropped() -> Iterator[Change]:
    trigger = TRIGGER.replace("{0}_table", "fired").replace("{0}", "{}")
    texts = {"view": VIEW, "trigger": trigger, "procedure": PROCEDURE, "function": FUNCTION, "event": EVENT}
    for kind, text in {**texts, "sequence": "SEQUENCE {}"}.items():
        gone, new = f"{kind[:2]}_gone", f"{kind[:2]}_new"
        yield Change(kind, "dropped", f"CREATE {text.format(gone)}", f"DROP {kind} {gone}",
                     (f"missing: {kind} {gone}",))  # fmt: skip
        yield Change(kind, "created", "", f"CREATE {text.format(new)}", (f"not in the backup: {kind} {new}",))


DROPPED = tuple(_dropped())
