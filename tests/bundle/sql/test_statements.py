"""Splitting for people's eyes."""

from installer.bundle.sql.statements import Statement, split_statements


def texts(script: str) -> list[str]:
    return [statement.text for statement in split_statements(script)]


def test_statements_end_at_semicolons_outside_quotes_and_comments() -> None:
    script = (
        "\ufeff-- AlterTable; not here\nALTER TABLE `a;b` ADD c INT;\n"
        "/* ; */ INSERT INTO t VALUES ('x;''y\\';', \"z;\");;\nSELECT 1 # ;\n"
    )
    assert split_statements(script) == (
        Statement("ALTER TABLE `a;b` ADD c INT", 2),
        Statement("INSERT INTO t VALUES ('x;''y\\';', \"z;\")", 3),
        Statement("SELECT 1 # ;", 4),
    )


def test_a_comment_that_begins_with_a_capital_m_is_one_like_any_other() -> None:
    assert texts("/*Move; later*/ SELECT 1;") == ["SELECT 1"]


def test_bodies_stay_in_one_piece() -> None:
    procedure = (
        "CREATE DEFINER=`a`@`b` PROCEDURE p() BEGIN IF (1) THEN SELECT CASE WHEN 1 THEN 2 END; "
        "CASE 1 WHEN 1 THEN SELECT 1; END CASE; WHILE 0 DO SELECT 1; END WHILE; END IF; END"
    )
    trigger = "CREATE TRIGGER t AFTER INSERT ON u FOR EACH ROW SET @a = 1"
    assert texts(f"{procedure};\n{trigger};\nSELECT 'after';") == [procedure, trigger, "SELECT 'after'"]


def test_a_transaction_is_not_a_body() -> None:
    assert texts("BEGIN; UPDATE t SET a = 1; COMMIT;") == ["BEGIN", "UPDATE t SET a = 1", "COMMIT"]


def test_a_script_of_comments_has_no_statements() -> None:
    assert texts("-- only\n/* comments */\n") == []
