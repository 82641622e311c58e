"""Writes acts of a demo into docs/, so that the sessions and the picture shown there are real ones."""

import re
from pathlib import Path

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

SESSION = r"(<!-- {mark}:[^\n]*-->\n).*?(<!-- end of {mark} -->)"
SESSIONS = {
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
PICTURE = "An upgrade without internet, with Airlock"
ENGINE_DATA, USUAL_ENGINE_DATA = re.compile(r"/\S+/servers/[^/\s]+/data"), "/var/lib/docker"
BUILDER = re.compile(r"#\d+ ")  # BuildKit's own progress, which would fill the page


def record(screen: Screen, docs: Path, *, folder: str) -> None:
    """Replaces the text between the marks, and the picture. The home folders, all in `folder`, become `~`."""
    page = docs / "sessions.md"
    text = page.read_text()
    for mark, titles in SESSIONS.items():
        session = _session(screen.chapters(*titles), folder)
        place = re.compile(SESSION.format(mark=mark), re.DOTALL)
        text = place.sub(lambda marks, shown=session: marks[1] + shown + marks[2], text)  # type: ignore[misc]
    page.write_text(text)
    upgrade = _session(screen.chapters(*SESSIONS["upgrade"]), folder)
    (docs / "session.svg").write_text(picture(PICTURE, upgrade))


def _session(shown: str, folder: str) -> str:
    shown = re.sub(rf"{re.escape(folder)}/\w+", "~", ENGINE_DATA.sub(USUAL_ENGINE_DATA, shown))
    lines = (line.rstrip() for line in shown.splitlines())
    kept = [line for line in lines if not line.startswith("== ") and not BUILDER.match(line)]
    return "```\n" + re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip() + "\n```\n"
