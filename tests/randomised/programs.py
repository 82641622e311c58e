"""What runs inside the server: views on views, routines, packages, triggers, events; and sequences."""

from collections.abc import Sequence
from dataclasses import dataclass

from installer.mariadb.server.queries import quoted
from tests.randomised.dice import Dice, literal
from tests.randomised.tables import Table

MODES = (
    "", "STRICT_ALL_TABLES", "ANSI_QUOTES,PIPES_AS_CONCAT", "NO_BACKSLASH_ESCAPES", "TRADITIONAL",
    "ALLOW_INVALID_DATES", "NO_ZERO_DATE,NO_UNSIGNED_SUBTRACTION",
)  # fmt: skip
CLIENTS = ("utf8mb4", "utf8mb4", "latin1", "euckr")
DEFINERS = ("", "DEFINER=`gh'ost`@`no where` ", "DEFINER=root@`%` ")
SCHEDULES = (
    "AT '2037-01-01 00:00:00'",
    "EVERY '1:30' HOUR_MINUTE STARTS '2036-01-01 03:00:00'",
    "EVERY 1 WEEK STARTS '2036-01-01 03:00:00' ENDS '2037-01-01 00:00:00'",
)
BODIES = (
    "BEGIN END",
    "BEGIN SET @seen = {text}; END",
    "BEGIN\r\n  -- a comment; 'half\r\n  SET @seen = {text}; /* ;; */\r\nEND",
    "BEGIN\n  # hash ;;\n  DECLARE n INT DEFAULT 0;\n  w: WHILE n < 3 DO SET n = n + 1; END WHILE w;\nEND",
    "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN END; SET @a = 1; SET @b = ';;'; END",
    "BEGIN\n\tIF 1 > 2 THEN SET @seen = {text};\n\tELSE SET @seen = 'x';\tEND IF; \n\nEND",
)


@dataclass(frozen=True)
class Made:
    """One object and the session in which it is made."""

    kind: str
    name: str
    create: str
    sql_mode: str = ""
    client: str = "utf8mb4"

    @property
    def drop(self) -> str:
        """The statement that removes it."""
        return f"DROP {self.kind} {quoted(self.name)}"


def any_sequence(dice: Dice, number: int) -> Made:
    """A sequence with steps of its own."""
    name, step = dice.name(f"s{number}"), dice.choice((1, 5, -3))
    start, more = dice.randint(-100, 100), dice.choice(("", " CYCLE", " NOCACHE", " CACHE 20"))
    limits = f"MINVALUE {start - 5000} MAXVALUE {start + 5000}"
    return Made(
        "SEQUENCE",
        name,
        f"CREATE SEQUENCE {quoted(name)} START WITH {start} INCREMENT BY {step} {limits}{more}",
    )


def any_view(dice: Dice, number: int, below: Sequence[str]) -> Made:
    """A view on a table or on another view, or on nothing."""
    name, base = dice.name(f"v{number}"), dice.choice(below)
    how = dice.choice(("", "ALGORITHM=MERGE ", "ALGORITHM=TEMPTABLE "))
    security = dice.choice(("DEFINER=root@`%` ", "DEFINER=`gh'ost`@`no where` SQL SECURITY INVOKER "))
    chosen = (
        f"a.id AS {quoted(dice.name('id'))}, a.site AS site, {literal('x ; y')} AS {quoted(dice.name('x'))}"
    )
    source = f"(SELECT id, site FROM {base}) AS a" if dice.happens(0.3) else f"{base} AS a"
    select = f"SELECT {chosen} FROM {source} WHERE a.site < 100"
    kept = f"CREATE {how}{security}VIEW {quoted(name)} (id, site, x) AS {select}"
    return Made(
        "VIEW", name, kept, client=dice.choice(("utf8mb4", "latin1")) if kept.isascii() else "utf8mb4"
    )


def any_routine(dice: Dice, number: int) -> Made:
    """A procedure or a function."""
    name, definer = dice.name(f"r{number}"), dice.choice(DEFINERS)
    about = f"COMMENT {literal(dice.choice(('', 'it;s', 'a comment')))} " if dice.happens(0.5) else ""
    if dice.happens(0.5):
        words = "(IN a INT, OUT b VARCHAR(9) CHARACTER SET latin1, INOUT c DECIMAL(9,2)) MODIFIES SQL DATA "
        return _in_some_session(dice, "PROCEDURE", name, definer, words + about, _body(dice))
    ending = _body(dice).removesuffix("END") + "RETURN a + 1;\nEND"
    words = "(a INT) RETURNS INT DETERMINISTIC SQL SECURITY INVOKER "
    return _in_some_session(dice, "FUNCTION", name, definer, words + about, ending)


def any_trigger(dice: Dice, number: int, table: Table, others: Sequence[str]) -> Made:
    """A trigger; `others` of the same table and event may stand before or after it."""
    name = dice.name(f"tr{number}")
    order = f"{dice.choice(('FOLLOWS', 'PRECEDES'))} {quoted(dice.choice(others))} " if others else ""
    event = f"BEFORE INSERT ON {table.sql} FOR EACH ROW {order}"
    return _in_some_session(dice, "TRIGGER", name, "", event, _body(dice))


def any_event(dice: Dice, number: int) -> Made:
    """An event that never comes while a test runs."""
    name = dice.name(f"e{number}")
    schedule = dice.choice(SCHEDULES)
    state = dice.choice(("ENABLE", "DISABLE", "DISABLE ON SLAVE"))
    kept = dice.choice(("", "ON COMPLETION PRESERVE "))
    body = _body(dice).replace(";;", "; ;")  # mariadb-dump never ends over ";;" in an event: we refuse it
    about = f"COMMENT {literal(dice.choice(('', 'never', 'a b')))} "
    words = f"ON SCHEDULE {schedule} {kept}{state} {about}DO "
    return _in_some_session(dice, "EVENT", name, dice.choice(DEFINERS), words, body)


def any_package(dice: Dice, number: int) -> tuple[Made, Made]:
    """A package and its body, which only the mode ORACLE knows."""
    name = dice.name(f"pk{number}")
    head = f"CREATE PACKAGE {quoted(name)} AS\r\n  FUNCTION f RETURN INT; -- c\n  PROCEDURE p(a INT);\nEND"
    body = (f"CREATE PACKAGE BODY {quoted(name)} AS\n  FUNCTION f RETURN INT AS BEGIN RETURN 1; END;\r\n"
            f"  PROCEDURE p(a INT) AS BEGIN NULL; /* it's ; */ END;\nEND")  # fmt: skip
    return Made("PACKAGE", name, head, "ORACLE"), Made("PACKAGE BODY", name, body, "ORACLE")


def _in_some_session(dice: Dice, kind: str, name: str, definer: str, words: str, body: str) -> Made:
    create = f"CREATE {definer}{kind} {quoted(name)} {words}{body}"
    client = dice.choice(CLIENTS) if create.isascii() else "utf8mb4"
    return Made(kind, name, create, dice.choice(MODES), client)


def _body(dice: Dice) -> str:
    text = dice.choice(("plain", "한", "😀", ";;", "it''s", "-- x", "two\nlines", "/*", "\nDELIMITER //\n"))
    return dice.choice(BODIES).format(text=f"'{text}'")
