"""Writes acts of a demo into docs/, so that the sessions and the picture shown there are real ones."""

import re
import textwrap
from collections.abc import Mapping
from pathlib import Path

from demonstration import desk_acts
from demonstration.accidents import FULL_DISK, POWER_CUT, RESTART
from demonstration.acts import (
    EXPORTING,
    EXPORTING_DELTA,
    FAILING,
    INSTALLING,
    MISSING_BASE,
    REFUSING,
    UPGRADING,
)
from demonstration.picture import picture
from demonstration.screen import Screen
from testbed.problem import TestbedProblem

SESSION = r"(<!-- {mark}:[^\n]*-->\n).*?(<!-- end of {mark} -->)"
VAULT, DESK = "customer-vault", "order-desk"
VAULT_SESSIONS = {
    "first": (EXPORTING.format(version="2.1.1"), INSTALLING.format(version="2.1.1")),
    "delta": (
        EXPORTING_DELTA.format(version="2.1.2", base="2.1.1"),
        MISSING_BASE.format(base="2.1.1"),
    ),
    "upgrade": (UPGRADING.format(version="2.1.2"),),
    "refusal": (REFUSING.format(version="2.1.3"),),
    "failure": (FAILING.format(version="2.1.3"),),
    "power": (POWER_CUT,),
    "disk": (FULL_DISK,),
    "restart": (RESTART,),
}
DESK_SESSIONS = {
    "desk-upgrade": (desk_acts.UPGRADING.format(version="1.1.0"),),
    "desk-refusal": (desk_acts.REFUSING.format(version="1.2.0"),),
    "desk-failure": (desk_acts.FAILING.format(version="1.2.0"), desk_acts.LEFT_BEHIND),
}
SESSIONS = {VAULT: VAULT_SESSIONS, DESK: DESK_SESSIONS}
REHEARSAL = re.compile(r"^ +catalog-db: The files.*?(?=^ +orders-db: )", re.MULTILINE | re.DOTALL)
PICTURE = "An upgrade without internet, with Airlock"
ENGINE_DATA, USUAL_ENGINE_DATA = re.compile(r"/\S+/servers/[^/\s]+/data"), "/var/lib/docker"
BUILDER = re.compile(r"#\d+ ")  # BuildKit's own progress, which would fill the page


def record(screen: Screen, docs: Path, *, example: str, folder: str) -> None:
    """Replaces the text between the marks, and the picture. The home folders, all in `folder`, become `~`.

    Raises `TestbedProblem` if a page lacks a mark, or the session lacks the rehearsal of PostgreSQL.
    """
    sessions = {
        mark: _session(screen.chapters(*titles), folder) for mark, titles in SESSIONS[example].items()
    }
    _write(docs / "sessions.md", {mark: _as_code(session) for mark, session in sessions.items()})
    if example == DESK:
        _write(docs / "import.md", {"rehearsal": _as_code(rehearsal_of_postgresql(sessions["desk-upgrade"]))})
    else:
        (docs / "session.svg").write_text(picture(PICTURE, _as_code(sessions["upgrade"])))


def rehearsal_of_postgresql(session: str) -> str:
    """Returns what the upgrade of order-desk says about its PostgreSQL database on the copy."""
    found = REHEARSAL.search(session)
    if found is None:
        raise TestbedProblem("The session has no rehearsal of catalog-db before that of orders-db.")
    return textwrap.dedent(found[0]).strip()


def _write(page: Path, sessions: Mapping[str, str]) -> None:
    text = page.read_text()
    for mark, session in sessions.items():
        place = re.compile(SESSION.format(mark=mark), re.DOTALL)
        if not place.search(text):
            raise TestbedProblem(f"{page.name} has no place for the session {mark}.")
        text = place.sub(lambda marks, shown=session: marks[1] + shown + marks[2], text)  # type: ignore[misc]
    page.write_text(text)


def _as_code(session: str) -> str:
    return f"```\n{session}\n```\n"


def _session(shown: str, folder: str) -> str:
    shown = re.sub(rf"{re.escape(folder)}/\w+", "~", ENGINE_DATA.sub(USUAL_ENGINE_DATA, shown))
    lines = (line.rstrip() for line in shown.splitlines())
    kept = [line for line in lines if not line.startswith("== ") and not BUILDER.match(line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
