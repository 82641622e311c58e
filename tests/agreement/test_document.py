from pathlib import Path

from packager.lint.catalogue.codes import CODES
from tests.agreement.compare import Answer
from tests.agreement.document import DOCUMENT, HEAD, agreement, catalogue, put_section
from tests.agreement.measure import Measured
from tests.agreement.trial import Trial


def test_the_catalogue_in_the_document_is_that_of_the_codes() -> None:
    assert f"\n{catalogue()}\n" in DOCUMENT.read_text(), (
        "docs/lint.md is out of date: scripts/judge --catalogue"
    )


def test_every_code_stands_in_the_catalogue_once() -> None:
    lines = catalogue().splitlines()
    assert {code: sum(line.startswith(f"| {code} |") for line in lines) for code in CODES} == dict.fromkeys(
        CODES, 1
    )


def test_a_section_is_replaced_and_everything_else_stays(tmp_path: Path) -> None:
    path = tmp_path / "lint.md"
    put_section(path, "codes", "many")
    put_section(path, "agreement", r"good \1")
    marks = [
        (f"<!-- {name}: written by scripts/judge -->\n\n", f"\n\n<!-- end of {name} -->\n")
        for name in ("codes", "agreement")
    ]
    (begin, end), (begin_2, end_2) = marks
    assert path.read_text() == f"{HEAD}\n{begin}many{end}\n{begin_2}good \\1{end_2}"
    put_section(path, "codes", "more")
    assert path.read_text() == f"{HEAD}\n{begin}more{end}\n{begin_2}good \\1{end_2}"


def test_the_tables_count_what_servers_did_and_list_what_was_not_told() -> None:
    fails, safe = "ALTER TABLE t ADD UNIQUE (n)", "SELECT 1"
    run = Measured(
        (fails, safe),
        {"10.5": "10.5.29", "11.8": "11.8.9"},
        {
            "10.5": {fails: Answer(Trial("t", fails=1062), None), safe: Answer(Trial("t"), None)},
            "11.8": {
                fails: Answer(Trial("t"), None),
                safe: Answer(Trial("t", silent=frozenset({("t", 1)})), None),
            },
        },
    )
    lines = agreement(run, {safe: "Who knows."}).splitlines()
    assert [line for line in lines if line.startswith("| ")] == [
        "| Server | failed | blocked writes | changed values | removed rows | rows counted | changes counted"
        " | misses |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        "| MariaDB 10.5.29 | 1 | 0 | 0 | 0 | 0 | 0 | 0 |",
        "| MariaDB 11.8.9 | 0 | 0 | 1 | 0 | 0 | 0 | 1 |",
        "| Code | says | right | false |",
        "| --- | --- | --- | --- |",
        "| MF101 | may fail | 1 | 0 |",
        "| Statement | Servers | What happens | Why |",
        "| --- | --- | --- | --- |",
        "| `SELECT 1` | 11.8 | changes 1 rows | Who knows. |",
    ]
