"""Takes acts of a demo into the README, so that the sessions shown there are real ones."""

import re
from pathlib import Path

from demonstration.acts import EXPORTING_DELTA, FAILING, MISSING_BASE, REFUSING, UPGRADING
from demonstration.screen import Screen

SESSION = r"(<!-- {mark}:[^\n]*-->\n).*?(<!-- end of {mark} -->)"
SESSIONS = {
    "delta": (
        EXPORTING_DELTA.format(version="2.1.2", base="2.1.1"),
        MISSING_BASE.format(base="2.1.1"),
    ),
    "session": (
        UPGRADING.format(version="2.1.2"),
        REFUSING.format(version="2.1.3"),
        FAILING.format(version="2.1.3"),
    ),
}
ENGINE_DATA, USUAL_ENGINE_DATA = re.compile(r"/\S+/servers/[^/\s]+/data"), "/var/lib/docker"
BUILDER = re.compile(r"#\d+ ")  # BuildKit's own progress, which would fill the page


def record(screen: Screen, readme: Path, *, folder: str) -> None:
    """Replace what stands between the marks. The homes, which are in the temporary `folder`, become `~`."""
    text = readme.read_text()
    for mark, titles in SESSIONS.items():
        session = _session(screen.chapters(*titles), folder)
        place = re.compile(SESSION.format(mark=mark), re.DOTALL)
        text = place.sub(lambda marks, shown=session: marks[1] + shown + marks[2], text)  # type: ignore[misc]
    readme.write_text(text)


def _session(shown: str, folder: str) -> str:
    shown = re.sub(rf"{re.escape(folder)}/\w+", "~", ENGINE_DATA.sub(USUAL_ENGINE_DATA, shown))
    lines = (line.rstrip() for line in shown.splitlines())
    kept = [line for line in lines if not line.startswith("== ") and not BUILDER.match(line)]
    return "```\n" + re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip() + "\n```\n"
