"""What the demo writes into docs/: sessions between marks, and never silently nothing."""

from pathlib import Path

import pytest

from demonstration.record import DESK, DESK_SESSIONS, record, rehearsal_of_postgresql
from demonstration.screen import Screen
from testbed.problem import TestbedProblem

MARKED = "before\n<!-- {mark}: written by a script -->\n```\nold\n```\n<!-- end of {mark} -->\nafter\n"
REHEARSED = """\
[ 5/12] Rehearse the migrations on a copy
        catalog-db: The files of the running server were copied in 1.8 s.
          Statement          Rows
        Downtime: about 3 s
        orders-db: The files of the running server were copied in 0.9 s.
"""


def played() -> Screen:
    screen = Screen()
    for mark, titles in DESK_SESSIONS.items():
        for title in titles:
            screen.chapter(title)
            screen.output(REHEARSED if mark == "desk-upgrade" else f"{mark} in /tmp/demo/offline/x")
    return screen


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "sessions.md").write_text("".join(MARKED.format(mark=mark) for mark in DESK_SESSIONS))
    (tmp_path / "import.md").write_text(MARKED.format(mark="rehearsal"))
    return tmp_path


def test_each_session_of_an_example_comes_between_its_marks(docs: Path) -> None:
    record(played(), docs, example=DESK, folder="/tmp/demo")
    written = (docs / "sessions.md").read_text()
    assert "-->\n```\ndesk-refusal in ~/x\n```\n<!-- end of desk-refusal -->\nafter\n" in written
    assert (docs / "import.md").read_text() == (
        "before\n<!-- rehearsal: written by a script -->\n```\n"
        "catalog-db: The files of the running server were copied in 1.8 s.\n"
        "  Statement          Rows\nDowntime: about 3 s\n```\n<!-- end of rehearsal -->\nafter\n"
    )


def test_a_page_without_the_mark_of_a_session_is_named(docs: Path) -> None:
    (docs / "sessions.md").write_text(MARKED.format(mark="desk-upgrade"))
    with pytest.raises(TestbedProblem, match=r"sessions\.md has no place for the session desk-refusal"):
        record(played(), docs, example=DESK, folder="/tmp/demo")


def test_a_session_without_the_rehearsal_is_an_error() -> None:
    with pytest.raises(TestbedProblem, match="no rehearsal of catalog-db"):
        rehearsal_of_postgresql(REHEARSED.replace("orders-db", "others"))
